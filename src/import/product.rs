//! Products whose files are read, and by what they are known.

use super::{patroni, rabbitmq, redis, sentinel};

/// The product that a text was written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Product {
    /// nginx.
    Nginx,
    /// HAProxy.
    Haproxy,
    /// RabbitMQ.
    Rabbitmq,
    /// Patroni.
    Patroni,
    /// Redis.
    Redis,
    /// Redis Sentinel.
    Sentinel,
}

impl Product {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Nginx, Self::Haproxy, Self::Rabbitmq, Self::Patroni, Self::Redis, Self::Sentinel];

    /// What it is called on the command line, and in names of files.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Nginx => "nginx",
            Self::Haproxy => "haproxy",
            Self::Rabbitmq => "rabbitmq",
            Self::Patroni => "patroni",
            Self::Redis => "redis",
            Self::Sentinel => "sentinel",
        }
    }

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Nginx => "nginx",
            Self::Haproxy => "HAProxy",
            Self::Rabbitmq => "RabbitMQ",
            Self::Patroni => "Patroni",
            Self::Redis => "Redis",
            Self::Sentinel => "Sentinel",
        }
    }

    /// Whether it keeps something, and is asked by a service that is made up.
    pub(super) const fn is_store(self) -> bool {
        matches!(self, Self::Patroni | Self::Redis | Self::Sentinel)
    }

    /// The product for which a text seems to have been written; nginx if nothing speaks for another one.
    pub fn of(text: &str) -> Self {
        Self::by_text(text).unwrap_or(Self::Nginx)
    }

    /// The same for a file: its name decides where the text leaves it open.
    pub fn of_file(name: &str, text: &str) -> Self {
        let name = name.to_lowercase();
        let by_name = || Self::ALL.into_iter().rev().find(|product| name.contains(product.id()));
        Self::by_text(text).or_else(by_name).unwrap_or(Self::Nginx)
    }

    /// HAProxy's has sections without braces, RabbitMQ's definitions are JSON, Patroni's is YAML, and of Redis' and Sentinel's
    /// the words are known.
    fn by_text(text: &str) -> Option<Self> {
        let text = text.trim_start_matches('\u{feff}');
        if rabbitmq::is_it(text) {
            return Some(Self::Rabbitmq);
        }
        if sentinel::is_it(text) {
            return Some(Self::Sentinel);
        }
        if text.lines().any(is_section) {
            return Some(Self::Haproxy);
        }
        if patroni::is_it(text) {
            return Some(Self::Patroni);
        }
        redis::is_it(text).then_some(Self::Redis)
    }
}

/// Whether a line begins a section of HAProxy's.
fn is_section(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let known = words.next().is_some_and(|word| ["frontend", "backend", "listen", "defaults"].contains(&word));
    known && !line.contains(['{', ';'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_tells_its_product() {
        for (text, product) in [
            ("upstream a { server b; }", Product::Nginx),
            ("defaults\n  mode http\nlisten a\n", Product::Haproxy),
            ("{ \"queues\": [] }", Product::Rabbitmq),
            ("# one\nscope: main\nname: a\n", Product::Patroni),
            ("loop_wait: 10\nttl: 30\n", Product::Patroni),
            ("port 6379\nmaxmemory 10mb\n", Product::Redis),
            ("port 26379\nsentinel monitor main 10.0.0.1 6379 2\nprotected-mode no\n", Product::Sentinel),
        ] {
            assert_eq!(Product::of(text), product, "{text}");
        }
    }

    #[test]
    fn where_the_text_leaves_it_open_the_name_decides() {
        assert_eq!(Product::of_file("my-Redis.conf", "port 6379\n"), Product::Redis);
        assert_eq!(Product::of_file("redis-sentinel.conf", "port 26379\n"), Product::Sentinel);
        assert_eq!(Product::of_file("site.conf", "port 6379\n"), Product::Nginx);
        assert_eq!(Product::of_file("nginx.conf", "listen a\n server x y\n"), Product::Haproxy);
    }
}
