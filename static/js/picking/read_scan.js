// Reads what a scan means, as webapp/domain/scans.py does: a GTIN within a GS1 element string or a Digital Link, without
// what AIM puts before it. A GTIN that came through a keyboard of another language gets its digits back.
const FIXED = { "00": 20, "01": 16, "02": 16, "03": 16, "04": 18, 20: 4, 41: 16 };
for (let prefix = 11; prefix < 20; prefix += 1) FIXED[prefix] = 8;
for (let prefix = 31; prefix < 37; prefix += 1) FIXED[prefix] = 10;
const LINK = /^https?:\/\/[^?#]*\/01\/(\d{8,14})(?=[/?#]|$)/i;
const PRINTED = /^(?:\(\d{2,4}\)[^(]*)*?\(01\)(\d{14})/;
const DIGITS = ["&é\"'(-è_çà", "!@#$%^&*()"].map((keys) => `${keys.slice(9)}${keys.slice(0, 9)}`); // From 0 to 9.

const isGtin = (text) => {
  if (!/^(\d{8}|\d{12,14})$/.test(text) || /^0+$/.test(text)) return false;
  const sum = [...text.padStart(14, "0")].reduce((total, digit, place) => total + digit * (place % 2 ? 1 : 3), 0);
  return sum % 10 === 0;
};

const ofElements = (code) => {
  let rest = code;
  while (/^\d{2}/.test(rest)) {
    const prefix = rest.slice(0, 2);
    if (prefix === "01") return isGtin(rest.slice(2, 16)) ? rest.slice(2, 16) : "";
    const end = rest.indexOf("\u001d");
    if (FIXED[prefix]) rest = rest.slice(FIXED[prefix]).replace(/^\u001d/, "");
    else rest = end < 0 ? "" : rest.slice(end + 1);
  }
  return "";
};

const read = (text) => {
  const code = text.trim().replace(/^\][a-z][0-9a-z]/i, "").replace(/^\u001d+|\u001d+$/g, "");
  const found = (LINK.exec(code) ?? PRINTED.exec(code))?.[1] ?? "";
  return (isGtin(found) ? found : ofElements(code)) || code;
};

const typedWith = (keys, text) => [...text].map((key) => (keys.includes(key) ? keys.indexOf(key) : key)).join("");

bind("read-scan", (form) => {
  const field = form.elements.scan;
  form.addEventListener(
    "submit",
    () => {
      const text = field.value.trim();
      const recovered = DIGITS.map((keys) => typedWith(keys, text)).filter((code) => code !== text);
      const code = recovered.map(read).find(isGtin);
      const isOther = !isGtin(read(text)) && code;
      form.dataset.keyboard = isOther ? "other" : "";
      field.value = isOther ? code : read(text);
    },
    true,
  );
});
