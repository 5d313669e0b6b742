// Keyboard on lists: j and k move, Enter opens. Everything works without this.
"use strict";
document.addEventListener("keydown", (event) => {
  const typing = ["INPUT", "SELECT", "TEXTAREA"].includes(event.target.tagName);
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const links = [...document.querySelectorAll("tr[data-row] th a")];
  const here = links.indexOf(document.activeElement);
  if (event.key === "j" || event.key === "k") {
    const next = links[Math.min(Math.max(here + (event.key === "j" ? 1 : -1), 0), links.length - 1)];
    if (next) { next.focus(); event.preventDefault(); }
  } else if (event.key === "s") {
    const search = document.querySelector("input[type=search]");
    if (search) { search.focus(); event.preventDefault(); }
  }
});
