export { consent as default } from "./consent";
