use offercast_app::{CodeCounts, IssuedCodes};
use offercast_contract as wire;
use offercast_domain::CodesDraft;

pub fn codes_draft(request: wire::CodesRequest) -> CodesDraft {
    let wire::CodesRequest { count, prefix, length } = request;
    CodesDraft { count, prefix, length }
}

pub fn issued_codes(issued: &IssuedCodes) -> wire::IssuedCodes {
    let order = &issued.order;
    wire::IssuedCodes {
        offer_id: issued.offer_id,
        count: order.count,
        prefix: order.prefix.as_str().to_owned(),
        length: i64::try_from(order.length).unwrap_or_default(),
        first_number: issued.first_serial + 1,
        last_number: issued.first_serial + order.count,
        issued_at: issued.issued_at,
        guess_bits: issued.guess_bits,
        codes: issued.codes.as_ref().map(|codes| codes.iter().map(ToString::to_string).collect()),
    }
}

pub fn code_counts(counts: CodeCounts) -> wire::CodeCounts {
    let CodeCounts { offer_id, issued, used } = counts;
    wire::CodeCounts { offer_id, issued, used }
}
