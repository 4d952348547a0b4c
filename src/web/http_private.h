/* What the files of the HTTP server share: a server, its open connections, a request that arrives. */
#ifndef WEB_HTTP_PRIVATE_H
#define WEB_HTTP_PRIVATE_H

#include "web/http.h"
#include "web/http_crew.h"
#include "web/http_stream.h"

#include <microhttpd.h>
#include <pthread.h>

/* A connection that is open: for the deadline of what it sends. */
struct peer {
    struct peer *next, *before;
    MHD_socket socket;
    int64_t began_us; /* of the request being read; 0: none is */
};

struct http_server {
    struct http_config config;
    http_handler handle;
    void *state;
    struct MHD_Daemon *daemon;
    pthread_mutex_t mutex;
    pthread_cond_t stop, sent;
    size_t owed; /* requests that the crew took and whose answer is not sent */
    struct peer *peers;
    struct http_streams *streams;
    struct http_crew *crew;
    pthread_t reaper;
    bool reaping, stopping;
};

/* One request while it arrives, and its answer. */
struct arriving {
    struct crew_job job; /* first: the answer is made by the crew, while the connection is suspended */
    struct http_answer answer;
    struct buf page;
    bool answered, owed;
    struct http_server *server;
    struct http_request request;
    struct MHD_PostProcessor *form;
    struct buf body, value; /* value: the one that the form is in the middle of */
    uint64_t came;          /* bytes of the body, taken or not */
    Str name, file_name;
    unsigned refused; /* status to answer with, 0: none */
    struct peer *peer;
};

/* ---- http_peers.c: a connection that is slow to send is ended */

/* began_us: since when a request is on its way, or from when on the next one is waited for; 0: none is. */
void peer_set(struct http_server *s, struct peer *p, int64_t began_us);
void *peers_watch(void *server); /* a thread's work until `stopping` */
void peers_on_connection(void *server, struct MHD_Connection *connection, void **slot,
                         enum MHD_ConnectionNotificationCode code);

/* ---- http_request.c: a request is read whole, judged, and answered; as libmicrohttpd calls */

enum MHD_Result request_on_arrival(void *server, struct MHD_Connection *connection, const char *url,
                                   const char *method, const char *version, const char *data, size_t *size,
                                   void **slot);
void request_on_completed(void *server, struct MHD_Connection *connection, void **slot,
                          enum MHD_RequestTerminationCode why);
void *request_on_uri(void *server, const char *uri, struct MHD_Connection *connection);

#endif
