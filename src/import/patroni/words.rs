//! Keys of Patroni's files that say nothing of what is simulated, and why others are not taken over.

/// Keys that play no part, wherever they stand.
const IDLE: [&str; 41] = [
    "authentication",
    "basebackup",
    "bin_dir",
    "bin_name",
    "callbacks",
    "check_timeline",
    "config_dir",
    "connect_address",
    "create_replica_methods",
    "ctl",
    "custom_conf",
    "data_dir",
    "history",
    "host",
    "ignore_slots",
    "initdb",
    "listen",
    "log",
    "max_timelines_history",
    "maximum_lag_on_syncnode",
    "member_slots_ttl",
    "method",
    "name",
    "namespace",
    "pg_ctl_timeout",
    "pg_hba",
    "pg_ident",
    "pgpass",
    "post_bootstrap",
    "post_init",
    "pre_promote",
    "primary_stop_timeout",
    "master_stop_timeout",
    "proxy_address",
    "remove_data_directory_on_diverged_timelines",
    "remove_data_directory_on_rewind_failure",
    "restapi",
    "use_pg_rewind",
    "use_slots",
    "users",
    "watchdog",
];
/// Keys that would have a part, and why they have none.
const REASONS: [(&str, &str); 22] = [
    ("etcd", STORE),
    ("etcd3", STORE),
    ("consul", STORE),
    ("zookeeper", STORE),
    ("exhibitor", STORE),
    ("kubernetes", STORE),
    ("raft", STORE),
    ("failsafe_mode", STORE),
    ("citus", "shards are not simulated"),
    ("standby_cluster", "a cluster that follows another one is not simulated"),
    ("pause", "the cluster is taken to be looked after"),
    ("slots", "what consumers of the log keep is not simulated"),
    ("primary_start_timeout", "a primary that dies is replaced, and not started again in its place"),
    ("master_start_timeout", "a primary that dies is replaced, and not started again in its place"),
    ("primary_race_backoff", "the replicas do not wait for each other"),
    ("checkpoint_timeout", "how much slower a checkpoint is no file says: say it by `checkpoints`"),
    ("checkpoint_completion_target", "how much slower a checkpoint is no file says: say it by `checkpoints`"),
    ("statement_timeout", "how long an operation may take nobody limits but who asks"),
    ("synchronous_standby_names", "Patroni chooses the standbys itself, by `synchronous_mode`"),
    ("max_standby_streaming_delay", "a replica replays whoever reads there"),
    ("hot_standby_feedback", "a replica replays whoever reads there"),
    ("recovery_conf", "what stands in it is read from `parameters` only"),
];
const STORE: &str = "the store with the lease is always there";

/// What becomes of a key that nobody has asked for.
pub enum Fate {
    /// It plays no part.
    Idle,
    /// It is not taken over, and why.
    Left(&'static str),
}

/// What becomes of a key.
pub fn fate(key: &str) -> Fate {
    match REASONS.iter().find(|(word, _)| *word == key) {
        Some((_, reason)) => Fate::Left(reason),
        None if IDLE.contains(&key) => Fate::Idle,
        None => Fate::Left("is not known"),
    }
}

/// Why a parameter of PostgreSQL is not taken over; without a reason it plays no part, as most do.
pub fn reason(parameter: &str) -> Option<&'static str> {
    REASONS.iter().find(|(word, _)| *word == parameter).map(|(_, reason)| *reason)
}
