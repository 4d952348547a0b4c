#include "web/page/field_list.h"

#include "web/part_field.h"

void field_list_show(struct visit *v, const struct kind *kind, const int *field, size_t count,
                     const struct record *record)
{
    for (size_t i = 0; i < count; i++) {
        Str id = part_field_id(v->arena, kind, field[i], S(""));
        part_field(v->out, v->arena,
                   &(struct part_field){.policy = &v->service->session.policy,
                                        .kind = kind,
                                        .field = field[i],
                                        .value = record == NULL ? STR_NONE : record->held[field[i]].value,
                                        .typed = &v->request->form,
                                        .error = part_errors_of(&v->errors, id)});
    }
}

void field_list_read(struct visit *v, const struct kind *kind, const int *field, size_t count, bool clears,
                     Json *set)
{
    for (size_t i = 0; i < count; i++) {
        struct err why = {0};
        if (part_field_read(v->arena, kind, field[i], S(""), &v->request->form, clears, set, &why) != OK)
            visit_error(v, part_field_id(v->arena, kind, field[i], S("")), "%s.", why.text);
    }
}

enum status field_list_fault(struct visit *v, const struct kind *kind, enum status status,
                             const struct err *why, struct err *e)
{
    int field = status == E_INVALID ? field_index(kind, str_of(why->field)) : -1;
    if (field < 0) return visit_take_error(v, status, why, e);
    visit_error(v, part_field_id(v->arena, kind, field, S("")), "%s", why->text);
    return OK;
}
