import { consent } from "./consent";

Object.assign(window, { consent });
export default consent;
