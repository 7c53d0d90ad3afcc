/** Small helpers around the document. */

/** An element with properties (class, text, aria-…, on…) and children; texts never become markup. */
export function el(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "class") node.className = value;
    else if (name === "text") node.textContent = value;
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** An SVG picture of one path. */
export function icon(path, name = "icon") {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", name);
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

/** The element with this id. */
export function at(id) {
  return document.getElementById(id);
}

/** Shows or hides. */
export function show(node, visible) {
  node.hidden = !visible;
}

/** Opens a dialog and gives what closed it: "ok" or "". */
export function ask(dialog) {
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((done) => {
    dialog.addEventListener("close", () => done(dialog.returnValue), { once: true });
  });
}

/** Posts JSON (or a form) and gives the answer; throws an Error with the server's words. */
export async function post(path, body = {}, method = "POST") {
  const form = body instanceof FormData;
  const answer = await fetch(path, {
    method,
    headers: form ? {} : { "Content-Type": "application/json" },
    body: form ? body : JSON.stringify(body),
  });
  const data = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(data.detail || "The simulated Telegram did not take it.");
  return data;
}

/** The colour class of a person, always the same for one id. */
export function colour(id) {
  return `c${id % 7}`;
}

/** The first letters of a name. */
export function initials(name) {
  const words = name.split(" ").filter(Boolean);
  return ((words[0]?.[0] ?? "") + (words[1]?.[0] ?? "")).toUpperCase();
}
