/** "Make Telegram fail": which of the bot's next calls fail, and how. */

import { at, el, post, show } from "./dom.js";

const KINDS = {
  429: "Too many requests (429)",
  500: "Internal error (500)",
  502: "Bad gateway (502)",
  504: "Gateway time-out (504)",
  hang: "No answer at all",
  cut_before: "Not done, connection cut",
  cut_after: "Done, then the connection is cut",
  lost_answer: "Done, but 504 instead of the answer",
  403: "“Blocked by the user” (403)",
};

/** Draws what is still to happen. */
export function drawFaults({ outstanding, hanging }, people) {
  const lines = outstanding.map((one) => line(one, people));
  if (hanging) lines.push(`${calls(hanging)} without an answer now`);
  at("fault-list").replaceChildren(...lines.map((text) => el("li", { text, dir: "auto" })));
  show(at("fault-none"), !lines.length);
  at("fault-clear").disabled = !lines.length;
  const left = outstanding.reduce((sum, one) => sum + one.times, 0);
  const told = [left ? `${calls(left)} will fail` : "", hanging ? `${calls(hanging)} without an answer` : ""].filter(Boolean);
  show(at("failing"), told.length > 0);
  at("failing").textContent = `Telegram: ${told.join(", ")}`;
}

function calls(number) {
  return number === 1 ? "1 call" : `${number} calls`;
}

function line(one, people) {
  const to = one.chat_id === null ? "" : ` to ${people.get(one.chat_id)?.name ?? one.chat_id}`;
  const after = one.retry_after ? `, try again after ${one.retry_after} s` : "";
  return `${one.times} × ${one.method || "any call"}${to}: ${KINDS[one.fault] ?? one.fault}${after}`;
}

/** Opens the dialog; whoever is chosen in the list is offered first. */
export function openFaults(people, chosen) {
  at("fault-chat").replaceChildren(
    el("option", { value: "", text: "Everybody" }),
    ...[...people.values()].map((one) => el("option", { value: one.id, text: one.name, selected: one.id === chosen })),
  );
  drawFields();
  at("faults").showModal();
}

/** Only fields that mean something for the choice are there. */
function drawFields() {
  const to = !["getUpdates", "answerCallbackQuery"].includes(at("fault-method").value);
  show(at("fault-to"), to);
  const waits = at("fault-kind").value === "429";
  show(at("fault-wait"), waits);
  at("fault-after").disabled = !waits;
}

/** Connects the dialog; `act` runs what talks to the server and tells what went wrong. */
export function wireFaults(act) {
  at("fault-kind").append(...Object.entries(KINDS).sort(byGravity).map(([value, text]) => el("option", { value, text })));
  for (const id of ["fault-kind", "fault-method"]) at(id).addEventListener("change", drawFields);
  at("fault-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const chat = at("fault-to").hidden ? "" : at("fault-chat").value;
    const order = { fault: at("fault-kind").value, method: at("fault-method").value, times: Number(at("fault-times").value) };
    if (chat) order.chat_id = Number(chat);
    if (order.fault === "429") order.retry_after = Number(at("fault-after").value);
    act(() => post("/faults", order));
  });
  at("fault-clear").addEventListener("click", () => act(() => post("/faults", {}, "DELETE")));
}

/** A refusal that changes how the bot thinks of a person comes last. */
function byGravity([one], [other]) {
  return Number(one === "403") - Number(other === "403");
}
