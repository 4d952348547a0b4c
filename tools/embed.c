/* Turns files into string literals of one C file: embed TABLE ROOT PATH... writes to standard output.
 * Each path is relative to ROOT and is also the asset's name in TABLE (base/assets.h). Any bytes will do. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* One line of source for each line of text, so that a compiler's message can be read. */
static void literal_write(const unsigned char *text, size_t len)
{
    fputs("\n    \"", stdout);
    for (size_t i = 0; i < len; i++) {
        unsigned char c = text[i];
        if (c == '\n') {
            fputs(i + 1 < len ? "\\n\"\n    \"" : "\\n", stdout);
        } else if (c == '"' || c == '\\') {
            printf("\\%c", c);
        } else if (c < 0x20 || c >= 0x7f || c == '?') {
            printf("\\%03o", c);
        } else {
            putchar(c);
        }
    }
    putchar('"');
}

static int asset_write(int root, const char *path, size_t index)
{
    int fd = openat(root, path, O_RDONLY | O_CLOEXEC);
    struct stat st;
    if (fd < 0 || fstat(fd, &st) != 0) {
        perror(path);
        if (fd >= 0) close(fd);
        return 1;
    }
    size_t len = (size_t)st.st_size;
    void *text = len ? mmap(NULL, len, PROT_READ, MAP_PRIVATE, fd, 0) : NULL;
    close(fd);
    if (text == MAP_FAILED) {
        perror(path);
        return 1;
    }
    printf("static const char text_%zu[] =", index);
    literal_write(text, len);
    puts(";\n");
    if (text) munmap(text, len);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc < 4) {
        fputs("use: embed TABLE ROOT PATH...\n", stderr);
        return 64;
    }
    const char *table = argv[1];
    int root = open(argv[2], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (root < 0) {
        perror(argv[2]);
        return 66;
    }
    puts("#include \"base/assets.h\"\n");
    for (int i = 3; i < argc; i++) {
        if (asset_write(root, argv[i], (size_t)i) != 0) return 66;
    }
    printf("const struct asset %s[] = {\n", table);
    for (int i = 3; i < argc; i++)
        printf("    {{\"%s\", %zu}, {text_%d, sizeof text_%d - 1}},\n", argv[i], strlen(argv[i]), i, i);
    printf("};\nconst size_t %s_count = %d;\n", table, argc - 3);
    close(root);
    return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 74;
}
