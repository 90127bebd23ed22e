// People of the tests, whom the owner invites.
import { api } from "./harness.mjs";

let invited = 0;

/** Invites a person with a role, and accepts the invitation. Returns what is needed to sign in. */
export async function createPerson(role, name = `Journey ${role}`) {
  invited += 1;
  const email = `journey-${process.pid}-${invited}@example.com`;
  const password = `a long journey ${process.pid} ${invited}`;
  const { path, user } = await api("POST", "/users", { email, name, role });
  const token = path.split("#token=")[1];
  await api("POST", "/links/password", { token, password });
  return { id: user.id, email, name, password };
}

/** Signs in with the form of the page. */
export async function fillSignIn(page, { email, password }) {
  await page.getByTestId("field-email").fill(email);
  await page.getByTestId("field-password").fill(password);
  await page.getByTestId("sign-in").click();
}

