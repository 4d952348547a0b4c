/* How far apart two places are. Pure. */
#ifndef COMPARE_PLACE_H
#define COMPARE_PLACE_H

/* Mean radius of the Earth (IUGG, R1), metres. */
#define EARTH_RADIUS_M 6371008.8

/* Great-circle distance in metres by the haversine formula (R. W. Sinnott, Sky & Telescope 68, 1984, p. 159):
 * on a sphere, so within 0.56 % of the distance on the ellipsoid. Degrees, WGS 84. NAN when a number is. */
double place_distance_m(double lat1, double lon1, double lat2, double lon2);

/* The same on a flat map around the middle latitude: a square root and a cosine. For two points less than
 * 100 km apart and within 70 degrees of the equator it differs from the haversine by less than 0.01 %. */
double place_distance_flat_m(double lat1, double lon1, double lat2, double lon2);

/* 1 at the same spot, one half at a kilometre, towards 0 far away: 1000 / (1000 + metres). NAN stays NAN. */
double place_alike(double distance_m);

#endif
