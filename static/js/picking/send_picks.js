// Sends counts ("picks:add"), one after the other, each under its key until the server has answered, so that a lost
// reply counts nothing twice. A Ship waits for the counts before it, except for a typed one: it carries that number
// itself. "picks:answered" tells the outcome.
const AGAIN = 2000; // Milliseconds.
const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const notice = (type) => document.dispatchEvent(new CustomEvent(`notice:${type}`, { detail: { name: "connection-lost" } }));
const wait = (time) => new Promise((resolve) => setTimeout(resolve, time));
const csrf = () => JSON.parse(document.body.getAttribute("hx-headers:inherited"))["X-CSRFToken"];

bind("send-picks", (list) => {
  const queue = [];
  let isSending = false;
  let shipLater = null;

  const path = (id) => list.dataset.picks.replace("/items/0/", `/items/${id.replace("item-", "")}/`);
  // Only our own answers are JSON; a proxy's are not.
  const send = async ({ id, fields, key }) => {
    const body = new URLSearchParams({ ...fields, idempotency_key: key });
    const response = await fetch(path(id), { method: "POST", body, keepalive: true, headers: { "X-CSRFToken": csrf() } });
    return { isCounted: response.ok, ...(await response.json()) };
  };

  const isCarried = ({ id, isTyped }) => isTyped && id === shipLater?.closest(".item")?.id;
  const next = async () => {
    const answer = await send(queue[0]).catch(() => null);
    if (answer) {
      notice("remove");
      document.dispatchEvent(new CustomEvent("picks:answered", { detail: { ...queue.shift(), answer } }));
    } else if (isCarried(queue[0])) queue.shift();
    else {
      notice("show");
      await wait(AGAIN);
    }
  };

  document.addEventListener("picks:add", async ({ detail }) => {
    queue.push({ ...detail, key: newKey() });
    if (isSending) return;
    isSending = true;
    while (queue.length) await next();
    isSending = false;
    const form = shipLater;
    shipLater = null;
    if (form?.isConnected) form.requestSubmit();
  });

  document.addEventListener(
    "submit",
    (event) => {
      if (!isSending || !event.target.matches(".item__ship")) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      shipLater = event.target;
    },
    true,
  );
});
