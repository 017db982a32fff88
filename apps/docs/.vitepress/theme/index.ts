import theme from "vitepress/theme-without-fonts";
import "./style.css";
import "./components.css";

export default theme;
