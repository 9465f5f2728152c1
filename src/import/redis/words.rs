//! Directives of Redis that say nothing of what is simulated, and why others are not taken over.

/// Beginnings of directives that play no part in a simulation.
const IDLE: [&str; 70] = [
    "acl",
    "activedefrag",
    "active-defrag",
    "activerehashing",
    "always-show-logo",
    "aof-",
    "auto-aof",
    "appenddirname",
    "appendfilename",
    "bgsave-cpulist",
    "bind",
    "bio-cpulist",
    "busy-reply",
    "client-output",
    "client-query",
    "crash-",
    "daemonize",
    "databases",
    "dbfilename",
    "dir",
    "disable-thp",
    "dynamic-hz",
    "enable-",
    "hash-max",
    "hide-user-data",
    "hll-",
    "ignore-warnings",
    "io-threads",
    "jemalloc",
    "latency-",
    "lazyfree",
    "list-",
    "locale",
    "logfile",
    "loglevel",
    "lua-time-limit",
    "masterauth",
    "masteruser",
    "max-new",
    "maxclients",
    "maxmemory-clients",
    "maxmemory-eviction-tenacity",
    "no-appendfsync",
    "notify-keyspace",
    "oom-score",
    "pidfile",
    "port",
    "proc-title",
    "protected-mode",
    "proto-",
    "rdb",
    "rename-command",
    "repl-",
    "replica-",
    "requirepass",
    "server-cpulist",
    "set-",
    "shutdown-",
    "slave-",
    "slowlog",
    "socket-mark",
    "stop-writes",
    "stream-node",
    "supervised",
    "syslog",
    "tcp-",
    "timeout",
    "tls-",
    "unixsocket",
    "user",
];
/// Beginnings of those that would have a part, and why they have none.
const REASONS: [(&str, &str); 8] = [
    ("include", "other files are not read"),
    ("loadmodule", "modules are not simulated"),
    ("cluster-", "slots are not simulated"),
    ("propagation-error", "what replicas refuse is not simulated"),
    ("min-replicas-max-lag", "a master takes writes whatever its replicas lack"),
    ("min-slaves-max-lag", "a master takes writes whatever its replicas lack"),
    ("replica-ignore-maxmemory", "replicas evict nothing"),
    ("replica-priority", "all replicas are alike"),
];

/// What there is to say of a word that Redis does not have.
pub const UNKNOWN: &str = "is not known";

/// What becomes of a directive that nobody has asked for.
pub enum Fate {
    /// It plays no part.
    Idle,
    /// It is not taken over, and why.
    Left(&'static str),
}

/// What becomes of a directive.
pub fn fate(name: &str, value: &str) -> Fate {
    // (What is not switched on does nothing.)
    let is_off = value == "no" || (name == "replica-priority" && value == "100");
    let reason = REASONS.iter().find(|(word, _)| name.starts_with(word));
    match reason {
        Some((_, reason)) if !is_off => Fate::Left(reason),
        Some(_) => Fate::Idle,
        None if IDLE.iter().any(|word| name.starts_with(word)) => Fate::Idle,
        None => Fate::Left(UNKNOWN),
    }
}
