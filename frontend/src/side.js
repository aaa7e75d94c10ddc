// What every page loads.
import "htmx.org/dist/htmx.esm.min.js";
