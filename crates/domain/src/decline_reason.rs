/// Why a redemption is declined. If several reasons apply, the first in this order is reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
pub enum Refusal {
    #[error("the offer is archived")]
    Archived,
    #[error("the offer is paused")]
    Paused,
    #[error("the offer has not started yet")]
    NotStarted,
    #[error("the offer has ended")]
    Expired,
    #[error("the offer has reached its maximum number of redemptions")]
    MaxRedemptionsReached,
    #[error("the discount exceeds the offer's remaining budget")]
    BudgetExhausted,
    #[error("the order amount is below the offer's minimum")]
    OrderBelowMinimum,
    #[error("the customer has reached the offer's limit per customer")]
    CustomerLimitReached,
    /// Applies to reservations only.
    #[error(
        "open reservations have reached the offer's limit; try again when some are confirmed or released"
    )]
    HoldLimitReached,
}

impl Refusal {
    pub const ALL: [Refusal; 9] = [
        Refusal::Archived,
        Refusal::Paused,
        Refusal::NotStarted,
        Refusal::Expired,
        Refusal::MaxRedemptionsReached,
        Refusal::BudgetExhausted,
        Refusal::OrderBelowMinimum,
        Refusal::CustomerLimitReached,
        Refusal::HoldLimitReached,
    ];

    /// The reasons that apply to the replay of a recorded redemption. The current status and the rules for orders do
    /// not.
    pub(crate) const OF_A_REPLAY: [Refusal; 4] =
        [Refusal::NotStarted, Refusal::Expired, Refusal::MaxRedemptionsReached, Refusal::BudgetExhausted];

    /// Returns the machine-readable code.
    pub fn code(self) -> &'static str {
        match self {
            Refusal::Archived => "offer_archived",
            Refusal::Paused => "offer_paused",
            Refusal::NotStarted => "offer_not_started",
            Refusal::Expired => "offer_expired",
            Refusal::MaxRedemptionsReached => "max_redemptions_reached",
            Refusal::BudgetExhausted => "budget_exhausted",
            Refusal::OrderBelowMinimum => "order_below_minimum",
            Refusal::CustomerLimitReached => "customer_limit_reached",
            Refusal::HoldLimitReached => "hold_limit_reached",
        }
    }

    pub fn parse(code: &str) -> Option<Refusal> {
        Refusal::ALL.into_iter().find(|refusal| refusal.code() == code)
    }
}
