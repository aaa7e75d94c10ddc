// What the page of a lesson loads beside side.js: the editor.
import "./lesson/lesson-editor.js";
