// The one step that needs JavaScript: a browser gives passkeys to scripts only. Every page with such a button
// offers a one-time code beside it.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const named = (list) => list?.map((one) => ({ ...one, id: bytes(one.id) }));

async function create({ publicKey }) {
  const made = await navigator.credentials.create({
    publicKey: {
      ...publicKey,
      challenge: bytes(publicKey.challenge),
      user: { ...publicKey.user, id: bytes(publicKey.user.id) },
      excludeCredentials: named(publicKey.excludeCredentials),
      authenticatorSelection: { residentKey: "preferred", userVerification: "preferred" },
    },
  });
  return answer(made, {
    attestationObject: text(made.response.attestationObject),
    transports: made.response.getTransports?.() ?? [],
  });
}

async function get({ publicKey }) {
  const found = await navigator.credentials.get({
    publicKey: {
      ...publicKey,
      challenge: bytes(publicKey.challenge),
      allowCredentials: named(publicKey.allowCredentials),
    },
  });
  const { authenticatorData, signature, userHandle } = found.response;
  return answer(found, {
    authenticatorData: text(authenticatorData),
    signature: text(signature),
    userHandle: userHandle && text(userHandle),
  });
}

function answer(credential, response) {
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: { clientDataJSON: text(credential.response.clientDataJSON), ...response },
  };
}

const options = JSON.parse(document.getElementById("passkey-options")?.textContent ?? "null");
const form = document.querySelector("form[data-passkey]");
if (options && form && window.PublicKeyCredential) {
  const said = form.querySelector("[data-passkey-said]");
  for (const part of document.querySelectorAll("[data-passkey-needs]")) part.hidden = false;
  for (const part of document.querySelectorAll("[data-passkey-without]")) part.hidden = true;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    said.textContent = "";
    try {
      const given = options.creation_options ? await create(options.creation_options) : await get(options.request_options);
      form.elements.credential.value = JSON.stringify(given);
      form.submit();
    } catch (error) {
      said.textContent =
        error.name === "InvalidStateError"
          ? "This passkey is in your account already."
          : `The passkey was not used. ${said.dataset.passkeyOtherwise || "Try again, or use a one-time code."}`;
    }
  });
}
