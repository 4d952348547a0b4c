#include "compare/place.h"

#include <math.h>

#define RADIANS_PER_DEGREE 0.017453292519943295

double place_distance_m(double lat1, double lon1, double lat2, double lon2)
{
    double half_lat = sin((lat2 - lat1) * RADIANS_PER_DEGREE / 2);
    double half_lon = sin((lon2 - lon1) * RADIANS_PER_DEGREE / 2);
    double h = half_lat * half_lat +
               cos(lat1 * RADIANS_PER_DEGREE) * cos(lat2 * RADIANS_PER_DEGREE) * half_lon * half_lon;
    if (h > 1) h = 1; /* rounding, at the antipode */
    return 2 * EARTH_RADIUS_M * asin(sqrt(h));
}

double place_distance_flat_m(double lat1, double lon1, double lat2, double lon2)
{
    double turn = fabs(lon2 - lon1);
    if (turn > 180) turn = 360 - turn; /* across the date line */
    double east = turn * RADIANS_PER_DEGREE * cos((lat1 + lat2) * RADIANS_PER_DEGREE / 2);
    double north = (lat2 - lat1) * RADIANS_PER_DEGREE;
    return EARTH_RADIUS_M * sqrt(east * east + north * north);
}

double place_alike(double distance_m)
{
    return 1000 / (1000 + distance_m);
}
