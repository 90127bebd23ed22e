import { BASE, authorization } from "./harness.mjs";

/** Returns the code of the offer with the most redemptions. */
export async function busiestOffer() {
  const answer = await (await fetch(`${BASE}/api/offers?limit=100`, { headers: authorization() })).json();
  const [first] = answer.data.sort((a, b) => b.totals.redemptions - a.totals.redemptions);
  return first?.code;
}
