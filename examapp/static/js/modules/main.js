// Attaches each behaviour to the elements that ask for it by data-module.

import { choose } from "./choose.js";
import { print } from "./print.js";
import { refresh } from "./refresh.js";

const modules = { choose, print, refresh };

for (const element of document.querySelectorAll("[data-module]")) modules[element.dataset.module]?.(element);
