import { consent } from "./consent";

Object.assign(window, { consent });
