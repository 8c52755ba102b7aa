import "./consent";
