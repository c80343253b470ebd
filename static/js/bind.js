// Passes each element with data-script="name" once to the script of that name: elements of the page, and those that
// htmx swaps in later. Every drawer begins with this file. If a script fails, the error is reported and the others go
// on.
const bind = (name, setUp) => {
  const bound = new WeakSet();
  const look = () => {
    for (const element of document.querySelectorAll(`[data-script~="${name}"]`)) {
      if (bound.has(element)) continue;
      bound.add(element);
      try {
        setUp(element);
      } catch (error) {
        reportError(error);
      }
    }
  };
  look();
  document.addEventListener("htmx:after:swap", look);
};
