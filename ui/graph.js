// Enriches drawn graphs (src/web/draw.h).
