// SPDX-License-Identifier: MIT
// Curves over one time axis, one above the other, as SVG.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

struct curve {
  std::string name, colour;
  std::vector<double> at_each;  // a value for each time; NaN: none
};
struct panel {
  std::string title;
  std::vector<curve> curves;
  bool stairs = false, powers = false;  // values hold until the next; a scale of powers of ten
};
struct span {
  std::string name;
  double from, to;
};
struct mark {
  double at;
  std::string text;
};

class chart {
 public:
  chart(std::vector<double> times, std::vector<span> spans, std::vector<mark> marks) : times_{std::move(times)}, spans_{std::move(spans)}, marks_{std::move(marks)} {
    for (auto const& s : spans_) end_ = std::max(end_, s.to);
    for (double const t : times_) end_ = std::max(end_, t);
  }
  void add(panel p) { panels_.push_back(std::move(p)); }

  void draw(std::ostream& out) const {
    auto const height = top + static_cast<double>(panels_.size()) * (tall + gap) + 24 + 15 * static_cast<double>(marks_.size());
    out << "<!-- SPDX-License-Identifier: MIT -->\n"
        << "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " << width << ' ' << height << "\" font-family=\"sans-serif\" font-size=\"11\">\n"
        << "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n";
    double y = top;
    for (auto const& p : panels_) {
      draw(out, p, y);
      y += tall + gap;
    }
    for (double t = 0; t <= end_; t += std::max(1.0, std::ceil(end_ / 15))) text(out, x_of(t), y - gap + 14, "middle", number(t) + " s");
    std::size_t n = 0;
    for (auto const& m : marks_) {
      out << "<path d=\"M" << x_of(m.at) << ' ' << top << "V" << y - gap << "\" stroke=\"#888\" stroke-dasharray=\"3 3\"/>\n";
      text(out, x_of(m.at) + 2, top + 10, "start", std::to_string(++n), "#555");
      text(out, left, y + 8 + 15 * static_cast<double>(n), "start", std::to_string(n) + "  " + m.text, "#333");
    }
    out << "</svg>\n";
  }

 private:
  static constexpr double width = 960, left = 60, right = 14, top = 24, tall = 92, gap = 24;

  [[nodiscard]] auto x_of(double t) const -> double { return std::round((left + (width - left - right) * t / (end_ > 0 ? end_ : 1)) * 10) / 10; }
  static auto number(double x) -> std::string {
    char out[32];
    std::snprintf(out, sizeof out, "%.4g", x);
    return out;
  }
  static auto escaped(std::string const& s) -> std::string {
    std::string out;
    for (char const c : s) out += c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '&' ? "&amp;" : std::string(1, c);
    return out;
  }
  static void text(std::ostream& out, double x, double y, char const* anchor, std::string const& what, char const* colour = "#333") {
    out << "<text x=\"" << x << "\" y=\"" << y << "\" text-anchor=\"" << anchor << "\" fill=\"" << colour << "\">" << escaped(what) << "</text>\n";
  }
  void draw(std::ostream& out, panel const& p, double y) const {
    double low = 0, high = 1;
    bool first = true;
    for (auto const& c : p.curves)
      for (double v : c.at_each) {
        if (std::isnan(v) || (p.powers && v <= 0)) continue;
        if (p.powers) v = std::log10(v);
        if (first) low = p.powers ? std::floor(v) : 0, high = p.powers ? std::ceil(v) : v, first = false;
        low = std::min(low, p.powers ? std::floor(v) : 0), high = std::max(high, p.powers ? std::ceil(v) : v);
      }
    if (high <= low) high = low + 1;
    auto const y_of = [&](double v) { return std::round((y + tall - tall * (v - low) / (high - low) * 0.96) * 10) / 10; };

    bool shaded = false;
    for (auto const& s : spans_) {
      shaded = !shaded;
      out << "<rect x=\"" << x_of(s.from) << "\" y=\"" << y << "\" width=\"" << x_of(s.to) - x_of(s.from) << "\" height=\"" << tall << "\" fill=\"" << (shaded ? "#f3f5f8" : "#e6eaf0") << "\"/>\n";
      if (y == top) text(out, (x_of(s.from) + x_of(s.to)) / 2, top - 8, "middle", s.name);
    }
    for (double const share : {0.0, 0.5, 1.0}) {
      auto const v = low + share * (high - low);
      if (p.powers && v != std::floor(v)) continue;
      text(out, left - 5, y_of(v) + 4, "end", number(p.powers ? std::pow(10, v) : v), "#777");
    }
    text(out, left + 2, y - 4 + (y == top ? tall + 15 : 0), "start", p.title);
    double x = width - right;
    for (auto const& c : p.curves) {
      if (p.curves.size() > 1) text(out, x, y - 4 + (y == top ? tall + 15 : 0), "end", c.name, c.colour.c_str()), x -= 8 + 6.2 * static_cast<double>(c.name.size());
      out << "<path fill=\"none\" stroke=\"" << c.colour << "\" stroke-width=\"1.5\" d=\"";
      bool pen_up = true;
      for (std::size_t i = 0; i < c.at_each.size(); ++i) {
        auto const v = c.at_each[i];
        if (std::isnan(v) || (p.powers && v <= 0)) {
          pen_up = true;
          continue;
        }
        auto const to = y_of(p.powers ? std::log10(v) : v);
        if (pen_up) out << 'M' << x_of(times_[i]) << ' ' << to;
        else if (p.stairs) out << 'H' << x_of(times_[i]) << 'V' << to;
        else out << 'L' << x_of(times_[i]) << ' ' << to;
        pen_up = false;
      }
      out << "\"/>\n";
    }
  }

  std::vector<double> times_;
  std::vector<span> spans_;
  std::vector<mark> marks_;
  std::vector<panel> panels_;
  double end_ = 0;
};
