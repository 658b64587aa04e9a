// See xml.h.
#include "ledger/iati/xml.h"

#include <expat.h>

#include <algorithm>
#include <memory>

#include "absl/strings/str_cat.h"
#include "ledger/base/text.h"

namespace fundtrail::iati {
namespace {

constexpr char kBetween = '|';  // of a namespace and a name; it stands in no name
constexpr std::string_view kXmlNamespace = "http://www.w3.org/XML/1998/namespace";
constexpr std::size_t kStep = std::size_t{1} << 20;

// As Element has names; empty for one of another namespace.
std::string NameOf(std::string_view expanded) {
  const std::size_t at = expanded.rfind(kBetween);
  if (at == std::string_view::npos) return std::string(expanded);
  const std::string_view space = expanded.substr(0, at);
  const std::string_view name = expanded.substr(at + 1);
  if (space == kXmlNamespace) return absl::StrCat("xml:", Abseil(name));
  if (space == kOwnNamespace) return absl::StrCat("ft:", Abseil(name));
  return "";
}

// The front of it that fits and cuts no character.
std::string_view Front(std::string_view text, std::size_t most) {
  if (text.size() <= most) return text;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xc0) == 0x80) --most;
  return text.substr(0, most);
}

class Parser {
 public:
  Parser(const std::function<Status(const Element&)>& root, const std::function<Status(Element&&)>& each)
      : expat_(XML_ParserCreateNS(nullptr, kBetween), &XML_ParserFree), root_(root), each_(each) {}

  Status Read(std::string_view text) {
    if (expat_ == nullptr) return absl::ResourceExhaustedError("no memory to read XML");
    if (text.size() > kMaxXmlBytes)
      return absl::InvalidArgumentError(absl::StrCat("the file is larger than ", kMaxXmlBytes >> 20,
                                                     " MiB; split it and import the parts"));
    XML_SetUserData(expat_.get(), this);
    XML_SetElementHandler(expat_.get(), &Parser::OnBegin, &Parser::OnEnd);
    XML_SetCharacterDataHandler(expat_.get(), &Parser::OnText);
    XML_SetStartDoctypeDeclHandler(expat_.get(), &Parser::OnDoctype);
    bool last = false;
    while (!last) {
      const std::string_view part = text.substr(0, kStep);
      text.remove_prefix(part.size());
      last = text.empty();
      const auto done = XML_Parse(expat_.get(), part.data(), static_cast<int>(part.size()), last ? 1 : 0);
      FT_RETURN_IF_ERROR(stopped_);
      if (done != XML_STATUS_OK) return Fault(XML_ErrorString(XML_GetErrorCode(expat_.get())));
    }
    return absl::OkStatus();
  }

 private:
  static Parser& Of(void* parser) { return *static_cast<Parser*>(parser); }
  static void OnBegin(void* parser, const XML_Char* name, const XML_Char** attributes) {
    Of(parser).Begin(name, attributes);
  }
  static void OnEnd(void* parser, const XML_Char* /*name*/) { Of(parser).End(); }
  static void OnText(void* parser, const XML_Char* text, int size) {
    Of(parser).Text({text, static_cast<std::size_t>(size)});
  }
  static void OnDoctype(void* parser, const XML_Char* /*name*/, const XML_Char* /*system*/,
                        const XML_Char* /*public_id*/, int /*internal*/) {
    Of(parser).Stop(Of(parser).Fault("there is a DOCTYPE, and no file of IATI needs one: take it out"));
  }

  std::uint64_t line() const { return XML_GetCurrentLineNumber(expat_.get()); }
  Status Fault(const std::string& what) const {
    return absl::InvalidArgumentError(absl::StrCat("line ", line(), ": ", what));
  }
  void Stop(Status why) {
    if (!stopped_.ok()) return;
    stopped_ = std::move(why);
    XML_StopParser(expat_.get(), XML_FALSE);
  }

  void Begin(std::string_view expanded, const XML_Char** attributes) {
    if (!stopped_.ok()) return;  // Expat may still tell what it has read
    if (++depth_ > kMaxDepth)
      return Stop(Fault(absl::StrCat("over ", kMaxDepth, " elements stand in one another")));
    if (passed_over_ > 0) {
      ++passed_over_;
      return;
    }
    Element element;
    element.name = NameOf(expanded);
    element.line = line();
    if (element.name.empty() || (depth_ == 1 && element.name.substr(0, 3) == "ft:")) {
      if (depth_ == 1) return Stop(Fault("the root is an element of another standard"));
      passed_over_ = 1;
      return;
    }
    if (!Count()) return;
    for (std::size_t count = 0; *attributes != nullptr; attributes += 2) {
      if (++count > kMaxAttributes)
        return Stop(Fault(absl::StrCat("an element has over ", kMaxAttributes, " attributes")));
      std::string name = NameOf(attributes[0]);
      if (name.empty()) continue;
      if (!Count()) return;
      const std::string_view value = Front(attributes[1], kMaxTextBytes);
      if (!Keep(value.size())) return;
      element.attributes.emplace_back(std::move(name), value);
    }
    if (depth_ == 1) return Take(root_(element));
    open_.push_back({std::move(element)});
  }

  void Text(std::string_view text) {
    if (!stopped_.ok() || passed_over_ > 0 || open_.empty()) return;
    Open& in = open_.back();
    if (in.cut) return;
    std::string& all = in.element.text;
    const std::string_view part = Front(text, kMaxTextBytes - all.size());
    in.cut = part.size() < text.size();
    if (Keep(part.size())) all += part;
  }

  void End() {
    if (!stopped_.ok()) return;
    --depth_;
    if (passed_over_ > 0) {
      --passed_over_;
      return;
    }
    if (open_.empty()) return;  // the root
    Element element = std::move(open_.back().element);
    open_.pop_back();
    if (!open_.empty()) {
      open_.back().element.children.push_back(std::move(element));
      return;
    }
    elements_ = 0;
    kept_ = 0;
    Take(each_(std::move(element)));
  }

  bool Count() {
    if (++elements_ <= kMaxElements) return true;
    Stop(Fault(absl::StrCat("one activity has over ", kMaxElements, " elements and attributes")));
    return false;
  }

  bool Keep(std::size_t bytes) {
    kept_ += bytes;
    if (kept_ <= kMaxKeptBytes) return true;
    Stop(Fault(absl::StrCat("the texts of one activity have over ", kMaxKeptBytes, " bytes")));
    return false;
  }

  void Take(Status status) {
    if (!status.ok()) Stop(std::move(status));
  }

  const std::unique_ptr<XML_ParserStruct, decltype(&XML_ParserFree)> expat_;
  const std::function<Status(const Element&)>& root_;
  const std::function<Status(Element&&)>& each_;
  struct Open {
    Element element;
    bool cut = false;  // its text has all that fits
  };
  std::vector<Open> open_;
  std::size_t depth_ = 0, passed_over_ = 0, elements_ = 0, kept_ = 0;
  Status stopped_;
};

}  // namespace

const std::string& Element::Attribute(std::string_view called) const {
  static const std::string kNone;
  for (const auto& [key, value] : attributes)
    if (key == called) return value;
  return kNone;
}

const Element* Element::Child(std::string_view called) const {
  const auto found = std::find_if(children.begin(), children.end(),
                                  [&](const Element& child) { return child.name == called; });
  return found == children.end() ? nullptr : &*found;
}

Status ReadXml(std::string_view text, const std::function<Status(const Element&)>& root,
               const std::function<Status(Element&&)>& each) {
  return Parser(root, each).Read(text);
}

std::string EscapedXml(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view three = text.substr(i, 3);
    if (three == "\xef\xbf\xbe" || three == "\xef\xbf\xbf") {  // U+FFFE and U+FFFF
      i += 2;
      continue;
    }
    const char c = text[i];
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        if (static_cast<unsigned char>(c) >= 0x20) out += c;
    }
  }
  return out;
}

}  // namespace fundtrail::iati
