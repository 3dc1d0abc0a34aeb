// Attaches each behaviour to the elements that ask for it by data-module.

import { refresh } from "./refresh.js";

const modules = { refresh };

for (const element of document.querySelectorAll("[data-module]")) modules[element.dataset.module]?.(element);
