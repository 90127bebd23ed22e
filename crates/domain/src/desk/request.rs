use crate::{CodeName, FieldError, Order};

/// What a shop calls a request, so that it can be sent again without being done again: 1 to 255 visible
/// ASCII characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    pub fn parse(text: &str) -> Result<IdempotencyKey, FieldError> {
        if (1..=255).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Ok(IdempotencyKey(text.to_owned()));
        }
        let message = "has to have 1 to 255 visible ASCII characters";
        Err(FieldError::new("Idempotency-Key", "invalid", message))
    }

    /// The key of a row of what was sent under this one. Nobody can send it: it holds a space.
    #[must_use]
    pub fn of_row(&self, place: usize) -> IdempotencyKey {
        IdempotencyKey(format!("{} {place}", self.0))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A checked request about one offer.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    pub ask: Ask,
    pub key: Option<IdempotencyKey>,
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq)]
pub enum Ask {
    Redeem(Order),
    /// Redeems by one of the offer's unique codes.
    RedeemCode {
        order: Order,
        code: CodeName,
    },
    /// Takes a redemption back.
    Reverse {
        redemption_id: i64,
        reason: Option<String>,
    },
    /// Holds for some seconds what redeeming would give.
    Reserve {
        order: Order,
        ttl_seconds: u32,
    },
    /// Makes a redemption of a hold.
    Confirm {
        reservation_id: i64,
    },
    /// Gives a hold back.
    Release {
        reservation_id: i64,
    },
}

impl Ask {
    /// The order that is to be redeemed, now or later.
    pub fn order(&self) -> Option<&Order> {
        match self {
            Ask::Redeem(order) | Ask::RedeemCode { order, .. } | Ask::Reserve { order, .. } => Some(order),
            Ask::Reverse { .. } | Ask::Confirm { .. } | Ask::Release { .. } => None,
        }
    }

    pub fn code(&self) -> Option<&CodeName> {
        match self {
            Ask::RedeemCode { code, .. } => Some(code),
            _ => None,
        }
    }

    pub fn redemption_id(&self) -> Option<i64> {
        match self {
            Ask::Reverse { redemption_id, .. } => Some(*redemption_id),
            _ => None,
        }
    }

    pub fn reservation_id(&self) -> Option<i64> {
        match self {
            Ask::Confirm { reservation_id } | Ask::Release { reservation_id } => Some(*reservation_id),
            _ => None,
        }
    }

    /// Why a redemption is taken back.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Ask::Reverse { reason, .. } => reason.as_deref(),
            _ => None,
        }
    }

    /// What makes two requests about an offer the same one, however they were written. No part can hold the
    /// line break between them.
    pub fn essence(&self) -> String {
        match self {
            Ask::Redeem(order) => format!("redeem\n{}", essence(order)),
            Ask::RedeemCode { order, code: CodeName { serial, prefix, length } } => {
                format!("redeem code\n{serial}\n{prefix}\n{length}\n{}", essence(order))
            }
            Ask::Reverse { redemption_id, reason } => {
                format!("reverse\n{redemption_id}\n{}", reason.as_deref().unwrap_or_default())
            }
            Ask::Reserve { order, ttl_seconds } => format!("reserve\n{}\n{ttl_seconds}", essence(order)),
            Ask::Confirm { reservation_id } => format!("confirm\n{reservation_id}"),
            Ask::Release { reservation_id } => format!("release\n{reservation_id}"),
        }
    }
}

fn essence(order: &Order) -> String {
    let order_id = order.order_id.as_deref().unwrap_or_default();
    format!("{}\n{}\n{order_id}", order.customer_id, order.order_amount.normalize())
}
