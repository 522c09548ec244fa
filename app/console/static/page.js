// What pages do beyond links and forms; every page works without it.
"use strict";

// htmx sends the form token with every request of its own.
document.addEventListener("htmx:config:request", (event) => {
  const headers = event.detail?.ctx?.request?.headers ?? event.detail?.headers;
  if (headers) headers["X-CSRF"] = document.body.dataset.csrf || "";
});

// Drop a workbook anywhere on a page that takes one.
const drop = document.querySelector("[data-drop]");
if (drop) {
  const file = drop.querySelector("input[type=file]");
  const over = (event) => { event.preventDefault(); drop.classList.add("over"); };
  addEventListener("dragover", over);
  addEventListener("dragleave", () => drop.classList.remove("over"));
  addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    if (!event.dataTransfer.files.length) return;
    file.files = event.dataTransfer.files;
    send();
  });
  const send = () => {
    file.setCustomValidity(file.files[0]?.size > Number(file.dataset.most) ? file.dataset.more : "");
    if (file.files.length) drop.requestSubmit(); // says what is wrong instead, when something is
  };
  file.addEventListener("change", send);
  drop.addEventListener("submit", () => drop.classList.add("busy"));
}

// Read aloud what a button names, in the page's language; hidden where the browser cannot, said where it has no voice.
for (const button of document.querySelectorAll("[data-read]")) {
  if (!("speechSynthesis" in window)) continue;
  button.hidden = false;
  speechSynthesis.getVoices(); // some browsers load them only when asked
  const rest = () => button.classList.remove("speaking");
  const none = () => { if (button.dataset.none) { button.textContent = button.dataset.none; button.disabled = true; } };
  button.addEventListener("click", () => {
    const was = button.classList.contains("speaking");
    speechSynthesis.cancel();
    if (was) return;
    const lang = document.documentElement.lang;
    const voices = speechSynthesis.getVoices(); // empty on phones that do not tell: then it is tried
    if (voices.length && !voices.some((voice) => voice.lang.slice(0, 2).toLowerCase() === lang.slice(0, 2))) { none(); return; }
    const said = new SpeechSynthesisUtterance(document.getElementById(button.dataset.read).innerText);
    said.lang = lang;
    said.rate = 0.9;
    const silent = setTimeout(() => { speechSynthesis.cancel(); none(); }, 4000);
    said.onstart = () => { clearTimeout(silent); button.classList.add("speaking"); };
    said.onend = () => { clearTimeout(silent); rest(); };
    said.onerror = (event) => { said.onend(); if (!["canceled", "interrupted"].includes(event.error)) none(); };
    speechSynthesis.speak(said);
  });
}

// Ask before what cannot be taken back. A form is sent once, and says so when the answer is slow. Heard before htmx, and
// of forms that came later, too.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.hasAttribute("aria-busy") || (form.dataset.ask && !confirm(form.dataset.ask))) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  sending(form, event.submitter ?? form.querySelector("button:not([type=button])"));
}, true);
document.addEventListener("htmx:finally:request", (event) => event.detail.ctx.sourceElement.dispatchEvent(new Event("answered")));
addEventListener("pageshow", () => { for (const form of document.forms) form.dispatchEvent(new Event("answered")); });

const aloud = document.createElement("p");
aloud.className = "sr";
aloud.setAttribute("role", "status");
document.querySelector("main").append(aloud);

// While a form is looked at as it is typed: a field says itself whether it is wrong, and the verdict is read when it
// changes, not at every pause.
let verdict = "";
document.addEventListener("htmx:finally:request", () => {
  for (const said of document.querySelectorAll(".said[id]")) {
    const field = document.querySelector(`[aria-describedby~="${said.id}"]`);
    if (field) field.ariaInvalid = said.querySelector(".error") ? "true" : null;
  }
  const now = document.querySelector("#check .verdict")?.textContent ?? "";
  if (now !== verdict) aloud.textContent = verdict = now;
});

// The other language: what is half written goes along, and is there again.
let written = document.querySelector("form[data-unsent]") ?? document.querySelector("[aria-invalid=true]")?.form;
addEventListener("input", (event) => { written = event.target.form ?? written; });
document.querySelector("header a[href^='/language/']").addEventListener("click", (event) => {
  if (!written?.isConnected || !written.elements.namedItem("csrf") || written.enctype === "multipart/form-data") return;
  event.preventDefault();
  const sentTo = new URL(written.getAttribute("action") ?? "", location.href).pathname;
  written.action = `${event.currentTarget.href}&sent_to=${encodeURIComponent(sentTo)}`;
  written.submit();
});

function sending(form, button) {
  form.setAttribute("aria-busy", "true");
  let words = null;
  const slow = setTimeout(() => {
    if (!button) return;
    words = [...button.childNodes];
    button.textContent = document.documentElement.lang === "en" ? "Sending…" : "正在提交…";
    aloud.textContent = button.textContent;
  }, 300);
  const stopped = setTimeout(() => form.dispatchEvent(new Event("answered")), 60000); // by hand: it may be tried again
  form.addEventListener("answered", () => {
    clearTimeout(slow);
    clearTimeout(stopped);
    form.removeAttribute("aria-busy");
    if (!words) return;
    button.replaceChildren(...words);
    aloud.textContent = "";
  }, { once: true });
}

// The tour: its words are read first, the place they are about is framed and in sight. Escape leaves it.
const tour = document.getElementById("tour");
if (tour) {
  const place = document.querySelector(tour.dataset.target);
  if (place) {
    for (let fold = place.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    place.classList.add("guided");
    const fits = place.offsetHeight < innerHeight - tour.offsetHeight + 60;
    place.scrollIntoView({ block: fits ? "end" : "start" });
    // over the emptier west of the map, not over its east coast
    tour.classList.toggle("left", !fits && place.getBoundingClientRect().right > tour.getBoundingClientRect().left);
  }
  tour.focus({ preventScroll: true });
}

// Escape, or a press elsewhere, closes the help; Escape leaves the tour.
const help = document.querySelector("details.help");
addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  if (help?.open) { help.open = false; help.firstElementChild.focus(); } else if (tour) tour.querySelector("[data-stop]").click();
});
addEventListener("click", (event) => { if (help?.open && !help.contains(event.target)) help.open = false; });

// Print.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

// A shared phone: nothing personal stays behind after signing out, the browser's pages included.
addEventListener("pageshow", (event) => { if (event.persisted && document.body.dataset.csrf) location.reload(); });
