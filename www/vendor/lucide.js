// The icons of the page: Lucide, those of it that parts/icon.js gives a name.
export {
  ArrowDown, ArrowUp, Ban, ChartLine, Check, ChevronDown, ChevronLeft, ChevronUp, CircleAlert, CircleX, Clock, createElement, Database, Dices, Download, Ellipsis, FolderOpen,
  GitFork, History, Hourglass, Info, LayoutGrid, Link, Lock, LogOut, Mail, Maximize2, Minus, Pause, Play, Plus, Redo2, RefreshCw, RotateCcw, Server, Split, StepBack, StepForward, Table,
  TriangleAlert, Undo2, Users, Workflow, X, Zap,
} from "lucide";
