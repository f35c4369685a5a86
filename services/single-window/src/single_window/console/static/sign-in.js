"use strict";
// A link from `pic console` carries its code behind the #, which no server and no log is sent.

const code = new URLSearchParams(location.hash.slice(1)).get("code");
if (code) {
  history.replaceState(null, "", location.pathname);
  document.getElementById("code").value = code;
  document.getElementById("by-code").requestSubmit();
}
