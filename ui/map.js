// Enriches drawn maps (src/web/draw.h).
