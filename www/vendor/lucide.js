// The icons of the page: Lucide, those of it that parts/icon.js gives a name.
export {
  ArrowDown, ArrowUp, Ban, Check, ChevronLeft, CircleAlert, CircleX, Clock, createElement, Database, Dices, Download, FolderOpen, Hourglass, Link, Lock, LogOut, Mail, Maximize2, Minus, Pause, Play,
  Plus, Redo2, RefreshCw, RotateCcw, Server, Split, StepForward, TriangleAlert, Undo2, Users, X, Zap,
} from "lucide";
