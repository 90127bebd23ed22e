use crate::{CodeName, FieldError, Order};

/// Names a request of a client, so that a retry is recognised and not executed again: 1 to 255 visible ASCII
/// characters. Each owner, such as an API key, has keys of its own.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    pub fn parse(text: &str) -> Result<IdempotencyKey, FieldError> {
        if (1..=255).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Ok(IdempotencyKey(text.to_owned()));
        }
        let message = "must have 1 to 255 visible ASCII characters";
        Err(FieldError::new("Idempotency-Key", "invalid", message))
    }

    /// The key of one row of a request that has many rows. No client can send it, because it contains a space.
    #[must_use]
    pub fn of_row(&self, row: usize) -> IdempotencyKey {
        IdempotencyKey(format!("{} {row}", self.0))
    }

    /// The key of this owner, who must not contain a tab. No client can send it, because it contains one.
    #[must_use]
    pub fn owned_by(&self, owner: &str) -> IdempotencyKey {
        IdempotencyKey(format!("{owner}{OWNER_END}{}", self.0))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The key as the version before stored it: without an owner.
    pub fn without_owner(&self) -> &str {
        self.0.split_once(OWNER_END).map_or(&self.0, |(_, key)| key)
    }
}

/// Separates the owner from the key.
const OWNER_END: char = '\t';

/// A valid request about one offer.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    pub command: Command,
    pub key: Option<IdempotencyKey>,
}

/// What a client asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    Redeem(Order),
    /// Redeems with one of the offer's unique codes.
    RedeemCode {
        order: Order,
        code: CodeName,
    },
    Reverse {
        redemption_id: i64,
        reason: Option<String>,
    },
    /// Holds for some seconds what redeeming would give.
    Reserve {
        order: Order,
        ttl_seconds: u32,
    },
    /// Turns a reservation into a redemption.
    Confirm {
        reservation_id: i64,
    },
    /// Ends a reservation without a redemption.
    Release {
        reservation_id: i64,
    },
}

impl Command {
    /// The order that the command redeems or reserves.
    pub fn order(&self) -> Option<&Order> {
        match self {
            Command::Redeem(order) | Command::RedeemCode { order, .. } | Command::Reserve { order, .. } => {
                Some(order)
            }
            Command::Reverse { .. } | Command::Confirm { .. } | Command::Release { .. } => None,
        }
    }

    pub fn code(&self) -> Option<&CodeName> {
        match self {
            Command::RedeemCode { code, .. } => Some(code),
            _ => None,
        }
    }

    /// The redemption to reverse.
    pub fn redemption_id(&self) -> Option<i64> {
        match self {
            Command::Reverse { redemption_id, .. } => Some(*redemption_id),
            _ => None,
        }
    }

    /// The reservation to confirm or release.
    pub fn reservation_id(&self) -> Option<i64> {
        match self {
            Command::Confirm { reservation_id } | Command::Release { reservation_id } => {
                Some(*reservation_id)
            }
            _ => None,
        }
    }

    /// Why the redemption is reversed.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Command::Reverse { reason, .. } => reason.as_deref(),
            _ => None,
        }
    }

    /// Equal for two requests about an offer that mean the same, however they are written. The line break that
    /// separates the parts cannot occur within a part.
    pub fn fingerprint(&self) -> String {
        match self {
            Command::Redeem(order) => format!("redeem\n{}", order_fingerprint(order)),
            Command::RedeemCode { order, code: CodeName { serial, prefix, length, key_id } } => {
                // As version 0.1 wrote it, whose codes have the key 0.
                let key = if *key_id == 0 { String::new() } else { format!("key {key_id}\n") };
                format!("redeem code\n{serial}\n{prefix}\n{length}\n{key}{}", order_fingerprint(order))
            }
            Command::Reverse { redemption_id, reason } => {
                format!("reverse\n{redemption_id}\n{}", reason.as_deref().unwrap_or_default())
            }
            Command::Reserve { order, ttl_seconds } => {
                format!("reserve\n{}\n{ttl_seconds}", order_fingerprint(order))
            }
            Command::Confirm { reservation_id } => format!("confirm\n{reservation_id}"),
            Command::Release { reservation_id } => format!("release\n{reservation_id}"),
        }
    }
}

fn order_fingerprint(order: &Order) -> String {
    let order_id = order.order_id.as_deref().unwrap_or_default();
    format!("{}\n{}\n{order_id}", order.customer_id, order.order_amount.normalize())
}
