// The icons of the page, by what they stand for here.

import * as lucide from "../vendor/lucide.js";

const ICONS = {
  // What can be done.
  about: lucide.Info,
  add: lucide.Plus,
  back: lucide.ChevronLeft,
  close: lucide.X,
  dice: lucide.Dices,
  download: lucide.Download,
  fold: lucide.ChevronDown,
  folder: lucide.FolderOpen,
  gallery: lucide.LayoutGrid,
  link: lucide.Link,
  more: lucide.Ellipsis,
  move_down: lucide.ArrowDown,
  move_up: lucide.ArrowUp,
  pause: lucide.Pause,
  play: lucide.Play,
  redo: lucide.Redo2,
  reset: lucide.RotateCcw,
  back_failover: lucide.History,
  fork: lucide.GitFork,
  step: lucide.StepForward,
  step_back: lucide.StepBack,
  undo: lucide.Undo2,
  unfold: lucide.ChevronUp,
  zoom_fit: lucide.Maximize2,
  zoom_in: lucide.Plus,
  zoom_out: lucide.Minus,
  // Pages of the workspace.
  page_figures: lucide.ChartLine,
  page_picture: lucide.Workflow,
  page_views: lucide.Table,
  // How something is doing.
  absent: lucide.Minus,
  alert: lucide.TriangleAlert,
  catching_up: lucide.RefreshCw,
  down: lucide.X,
  failing: lucide.CircleAlert,
  mistake: lucide.CircleX,
  draining: lucide.LogOut,
  ejected: lucide.Ban,
  paused: lucide.Pause,
  promoting: lucide.ArrowUp,
  slow: lucide.Clock,
  starting: lucide.Hourglass,
  up: lucide.Check,
  // Kinds of components.
  auth: lucide.Lock,
  balancer: lucide.Split,
  broker: lucide.Mail,
  cache: lucide.Zap,
  cluster: lucide.Database,
  service: lucide.Server,
  users: lucide.Users,
};

/** @typedef {keyof typeof ICONS} IconName */

/**
 * A picture in the colour of the text. It repeats what a text beside it says: screen readers skip it.
 * @param {IconName} name
 * @param {{ [name: string]: string | number }} [attributes] beside those that every icon has
 */
export function icon(name, attributes = {}) {
  return lucide.createElement(ICONS[name], { class: "icon", "aria-hidden": "true", ...attributes });
}
