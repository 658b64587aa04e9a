// See svg.h.
#include "ledger/picture/svg.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "ledger/base/text.h"

namespace fundtrail::picture {

std::string Visible(std::string_view text) {
  // Escaped doubles each backslash of the text; those of its escapes are single.
  return absl::StrReplaceAll(Escaped(text), {{"\\\\", "\\"}});
}

Svg Svg::Text(std::string_view text) {
  return Svg(absl::StrReplaceAll(
      Visible(text), {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"\"", "&quot;"}, {"'", "&apos;"}}));
}

Svg& Svg::operator+=(const Svg& other) {
  absl::StrAppend(&markup_, markup_.empty() || other.empty() ? "" : "\n", other.markup_);
  return *this;
}

std::string ToString(Px px) {
  const Px whole = px < 0 ? -px : px;
  const Px rest = whole % 100;
  std::string text = absl::StrCat(px < 0 ? "-" : "", whole / 100);
  if (rest != 0) absl::StrAppend(&text, ".", rest / 10);
  if (rest % 10 != 0) absl::StrAppend(&text, rest % 10);
  return text;
}

Path& Path::To(char command, Px x, Px y) {
  absl::StrAppend(&data_, std::string(1, command), ToString(x), ",", ToString(y));
  return *this;
}

Path& Path::Curve(Px from_x, Px from_y, Px x, Px y) {
  const std::string middle = ToString((from_x + x) / 2);
  absl::StrAppend(&data_, "C", middle, ",", ToString(from_y), " ", middle, ",", ToString(y), " ");
  absl::StrAppend(&data_, ToString(x), ",", ToString(y));
  return *this;
}

Path& Path::Close() {
  data_ += "Z";
  return *this;
}

Element& Element::Set(Fixed attribute, Fixed value) {
  absl::StrAppend(&attributes_, " ", Abseil(attribute.text()), "=\"", Abseil(value.text()), "\"");
  return *this;
}

Element& Element::Set(Fixed attribute, const Path& path) {
  absl::StrAppend(&attributes_, " ", Abseil(attribute.text()), "=\"", path.data_, "\"");
  return *this;
}

Element& Element::SetPx(Fixed attribute, Px value) {
  absl::StrAppend(&attributes_, " ", Abseil(attribute.text()), "=\"", ToString(value), "\"");
  return *this;
}

Element& Element::SetText(Fixed attribute, std::string_view value) {
  absl::StrAppend(&attributes_, " ", Abseil(attribute.text()), "=\"", Svg::Text(value).str(), "\"");
  return *this;
}

Element& Element::Add(const Svg& child) {
  if (child.empty()) return *this;
  absl::StrAppend(&content_, content_.empty() ? "\n" : "", child.str(), "\n");
  return *this;
}

Element& Element::AddText(std::string_view text) {
  content_ += Svg::Text(text).str();
  return *this;
}

Element& Element::AddFixed(Fixed text) {
  absl::StrAppend(&content_, Abseil(text.text()));
  return *this;
}

Svg Element::Made() const {
  return content_.empty() ? Svg(absl::StrCat("<", name_, attributes_, "/>")) : MadeOpen();
}

Svg Element::MadeOpen() const {
  return Svg(absl::StrCat("<", name_, attributes_, ">", content_, "</", name_, ">"));
}

}  // namespace fundtrail::picture
