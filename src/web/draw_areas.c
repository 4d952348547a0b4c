/* Outlines of areas from GeoJSON (RFC 7946): positions are longitude, latitude. */
#include "base/json.h"
#include "web/draw.h"

#define RING_POINTS_MAX 100000

static enum status ring_read(struct arena *a, const Json *positions, struct draw_areas *out, struct err *e)
{
    size_t count = json_count(positions);
    if (count < 4) return OK; /* no area */
    if (count > RING_POINTS_MAX)
        return ERR(e, E_LIMIT, "geojson",
                   "an outline has %zu points; at most %d are taken: simplify the file", count,
                   RING_POINTS_MAX);
    double *lat = NEW_ARRAY(a, double, count), *lon = NEW_ARRAY(a, double, count);
    for (size_t i = 0; i < count; i++) {
        const Json *position = json_at(positions, i);
        lon[i] = json_number(json_at(position, 0));
        lat[i] = json_number(json_at(position, 1));
        if (json_count(position) < 2 || lat[i] < -90 || lat[i] > 90 || lon[i] < -180 || lon[i] > 180)
            return ERR(e, E_INVALID, "geojson",
                       "a position is not longitude and latitude in degrees; write the file in WGS 84");
    }
    ARENA_ROOM(a, out->ring, out->room, out->count + 1, 64);
    out->ring[out->count++] = (struct draw_ring){lat, lon, count};
    return OK;
}

static enum status polygon_read(struct arena *a, const Json *rings, struct draw_areas *out, struct err *e)
{
    for (size_t i = 0; i < json_count(rings); i++)
        TRY(ring_read(a, json_at(rings, i), out, e));
    return OK;
}

static enum status geometry_read(struct arena *a, const Json *geometry, struct draw_areas *out, struct err *e)
{
    Str type = json_str(json_get(geometry, "type"));
    const Json *coordinates = json_get(geometry, "coordinates");
    if (str_eq(type, S("Polygon"))) return polygon_read(a, coordinates, out, e);
    if (!str_eq(type, S("MultiPolygon"))) return OK;
    for (size_t i = 0; i < json_count(coordinates); i++)
        TRY(polygon_read(a, json_at(coordinates, i), out, e));
    return OK;
}

enum status draw_areas_read(struct arena *a, Str geojson, struct draw_areas *out, struct err *e)
{
    struct json_doc doc CLEANUP_JSON = {0};
    TRY(json_parse(geojson, &doc, e));
    Str type = json_str(json_get(doc.root, "type"));
    if (!str_present(type)) return ERR(e, E_INVALID, "geojson", "this is no GeoJSON: it has no \"type\"");
    if (str_eq(type, S("Feature"))) return geometry_read(a, json_get(doc.root, "geometry"), out, e);
    if (!str_eq(type, S("FeatureCollection"))) return geometry_read(a, doc.root, out, e);
    const Json *features = json_get(doc.root, "features");
    for (size_t i = 0; i < json_count(features); i++)
        TRY(geometry_read(a, json_get(json_at(features, i), "geometry"), out, e));
    return OK;
}
