//! Directives that say nothing of what is simulated, and why others are not taken over.

/// Beginnings of directives that play no part in a simulation.
const IDLE: [&str; 65] = [
    "absolute_redirect",
    "access_log",
    "add_header",
    "aio",
    "allow",
    "auth_basic",
    "brotli",
    "charset",
    "chunked",
    "client_",
    "connection_pool",
    "daemon",
    "debug",
    "default_type",
    "deny",
    "directio",
    "env",
    "error_log",
    "etag",
    "events",
    "expires",
    "gzip",
    "http2",
    "http3",
    "ignore_invalid",
    "if_modified",
    "index",
    "internal",
    "keepalive_",
    "large_client",
    "limit_conn_",
    "limit_req_",
    "lingering_",
    "listen",
    "load_module",
    "log_",
    "map_hash",
    "merge_slashes",
    "more_",
    "msie",
    "multi_accept",
    "open_file",
    "pcre_jit",
    "pid",
    "port_in_redirect",
    "postpone_output",
    "real_ip",
    "recursive_error",
    "reset_timedout",
    "root",
    "satisfy",
    "send_",
    "sendfile",
    "server_name",
    "server_tokens",
    "set_real_ip",
    "ssl_",
    "stub_status",
    "tcp_",
    "thread_pool",
    "types",
    "underscores",
    "user",
    "variables_hash",
    "worker_",
];

/// What is said of passing on and plays no part, without its protocol.
const IDLE_PASSING: [&str; 26] = [
    "bind",
    "buffer",
    "busy_buffers",
    "cache_",
    "cookie",
    "force_ranges",
    "headers_hash",
    "hide_header",
    "http_version",
    "ignore_client",
    "ignore_headers",
    "index",
    "intercept",
    "keep_conn",
    "max_temp",
    "method",
    "no_cache",
    "param",
    "pass_",
    "redirect",
    "request_buffering",
    "set_",
    "socket",
    "ssl_",
    "split_path",
    "temp_",
];

/// Directives that would have a part, and why they have none.
const REASONS: [(&str, &str); 26] = [
    ("proxy_cache_lock", "only what a database answers is fetched by one for all"),
    ("include", "other files are not read"),
    ("if", "conditions are not evaluated"),
    ("map", "variables are not evaluated"),
    ("geo", "variables are not evaluated"),
    ("set", "variables are not evaluated"),
    ("split_clients", "variables are not evaluated"),
    ("return", "what nginx answers by itself is not simulated"),
    ("rewrite", "paths are not followed"),
    ("try_files", "what nginx answers by itself is not simulated"),
    ("error_page", "another answer than the first is not asked for"),
    ("alias", "what nginx answers by itself is not simulated"),
    ("auth_request", "subrequests are not simulated"),
    ("mirror", "subrequests are not simulated"),
    ("limit_rate", "the size of answers is not simulated"),
    ("limit_except", "methods are not told apart"),
    ("health_check", "a check of its own is not taken over: say it by `knowledge`"),
    ("proxy_send_timeout", "to send a request takes no time here"),
    ("fastcgi_send_timeout", "to send a request takes no time here"),
    ("uwsgi_send_timeout", "to send a request takes no time here"),
    ("scgi_send_timeout", "to send a request takes no time here"),
    ("grpc_send_timeout", "to send a request takes no time here"),
    ("proxy_limit_rate", "the size of answers is not simulated"),
    ("proxy_store", "files are not kept"),
    ("memcached_pass", "is not taken over"),
    ("mail", "mail is not simulated"),
];

/// Settings of passing on that are read elsewhere.
const READ: [&str; 8] = [
    "pass",
    "connect_timeout",
    "read_timeout",
    "timeout",
    "next_upstream",
    "next_upstream_tries",
    "next_upstream_timeout",
    "cache",
];

/// What becomes of a directive that nobody has asked for.
pub enum Fate {
    /// It has been read elsewhere.
    Read,
    /// It plays no part.
    Idle,
    /// It is not taken over, and why.
    Left(&'static str),
}

/// What becomes of a directive.
pub fn fate(name: &str) -> Fate {
    if let Some((_, reason)) = REASONS.iter().find(|(word, _)| *word == name) {
        return Fate::Left(reason);
    }
    if let Some(bare) = super::settings::bare(name) {
        if READ.contains(&bare) {
            return Fate::Read;
        }
        if IDLE_PASSING.iter().any(|word| bare.starts_with(word)) {
            return Fate::Idle;
        }
    }
    if ["limit_req", "limit_conn", "limit_req_zone", "limit_conn_zone"].contains(&name) {
        return Fate::Read;
    }
    if IDLE.iter().any(|word| name.starts_with(word)) {
        return Fate::Idle;
    }
    Fate::Left("is not known")
}
