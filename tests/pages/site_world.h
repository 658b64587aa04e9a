// A small ledger of which every page has something to show, hostile names among them, and what tests ask of its pages.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "ledger/pages/site.h"
#include "ledger/query/view.h"
#include "ledger/store/memory.h"
#include "tests/support/ledgers.h"
#include "tests/support/notices.h"
#include "tests/support/projects.h"

namespace fundtrail::testing {

// Names that would do something in a page, a spreadsheet or a line, if anything let them.
inline const std::vector<std::string>& HostileNames() {
  static const std::vector<std::string> kNames = [] {
    std::string wide;
    for (int i = 0; i < 100; ++i) wide += "文";
    return std::vector<std::string>{"</script><img src=x onerror=alert(1)>",
                                    "</title><script>alert(1)</script>",
                                    "\" onmouseover=\"alert(1)",
                                    "' autofocus onfocus='alert(1)",
                                    "=cmd|' /C calc'!A0",
                                    "+SUM(1;2)",
                                    "@SUM(1)",
                                    "-2+3",
                                    "&lt;b&gt; &amp; {0} {1}",
                                    "منظمة الإغاثة",
                                    wide};
  }();
  return kNames;
}

// donor brings in 1,000.00, of which ministry passes 600.00 on to village, and 250.00 to the party hostile-0. It holds the rest.
struct Site {
  TestClock clock;
  std::unique_ptr<log::Ledger> ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));

  Site() {
    Do({Place("gz"), Category("NUT"), Party("county", "root"), Seated(Party("auditor", "root"), "gz"),
        Fund("school", "root")});
    std::vector<v1::Action> parties;
    for (std::size_t i = 0; i < HostileNames().size(); ++i) {
      v1::Action party = Party("hostile-" + std::to_string(i), "root", v1::ROLE_RECIPIENT);
      party.mutable_register_party()->set_name(HostileNames()[i]);
      parties.push_back(std::move(party));
    }
    v1::Action home = Party("home-7", "root", v1::ROLE_RECIPIENT);
    home.mutable_register_party()->set_kind(v1::RegisterParty::KIND_HOUSEHOLD);
    parties.push_back(std::move(home));
    Do(parties);
    Do({Pay("donor", "ministry", 100'000, v1::TRANSFER_KIND_DONATION)});
    v1::Action odd = Pay("ministry", "hostile-0", 25'000);
    odd.mutable_transfer()->set_purpose("=HYPERLINK(\"x\")");
    Do({Pay("ministry", "village", 60'000), std::move(odd)});
    const std::uint64_t need = Do({Asking(NeedAt("rice", "county", "gz", "NUT", 3), 70'000)});
    Do({Verify("rice", need)});
    Do({Project("lunches", "county"), Call("help", "county", "gz", "2026-02-25")});
    v1::Action concern;
    concern.mutable_raise_concern()->set_id("late");
    concern.mutable_raise_concern()->set_owner("county");
    concern.mutable_raise_concern()->set_kind(v1::RaiseConcern::KIND_DELAY);
    concern.mutable_raise_concern()->set_party("ministry");
    concern.mutable_raise_concern()->set_words("<b>Where</b> is it?");
    Do({std::move(concern)});
  }
  std::uint64_t Do(const std::vector<v1::Action>& actions) {
    const std::uint64_t record = ledger->size();
    Need(ledger->AppendOne(SignedBytes(Entry("root", record, actions), {1}), clock.Read()).status());
    return record;
  }
  // "/payments/?kind=donation". The base is that of a site that knows its name. `folder`: what a site in a folder has, for its pages.
  pages::Page Ask(const std::string& address, const std::set<std::string>* folder = nullptr) const {
    const std::size_t at = address.find('?');
    pages::PageRequest request;
    request.path = address.substr(0, at);
    if (at != std::string::npos) request.query = address.substr(at + 1);
    request.base = "https://aid.example";
    request.folder = folder;
    return Need(pages::AnswerPage(ledger->store(), request));
  }
  std::string Body(const std::string& address) const {
    const pages::Page page = Ask(address);
    if (page.status != 200) throw std::runtime_error(address + " has status " + std::to_string(page.status));
    return page.body;
  }
  query::View view() const { return Need(query::MakeView(ledger->store())); }
};

// What stands in these attributes of a page, unescaped as far as addresses need it.
inline std::vector<std::string> ValuesOf(const std::string& page, const std::string& attribute) {
  std::vector<std::string> values;
  const std::string begin = " " + attribute + "=\"";
  for (auto at = page.find(begin); at != std::string::npos; at = page.find(begin, at + 1)) {
    const auto from = at + begin.size();
    std::string value = page.substr(from, page.find('"', from) - from);
    for (auto amp = value.find("&amp;"); amp != std::string::npos; amp = value.find("&amp;", amp + 1))
      value.replace(amp, 5, "&");
    values.push_back(std::move(value));
  }
  return values;
}

// A relative address, as a browser reads it on a page of that path.
inline std::string Resolved(const std::string& on, const std::string& link) {
  const std::string path = on.substr(0, on.find('?'));
  std::string folder = path.substr(0, path.rfind('/') + 1), rest = link;
  while (true) {
    if (rest.rfind("../", 0) == 0) {
      rest = rest.substr(3);
      folder = folder.substr(0, folder.rfind('/', folder.size() - 2) + 1);
      if (folder.empty()) return "above the root: " + link;
    } else if (rest.rfind("./", 0) == 0) {
      rest = rest.substr(2);
    } else {
      return folder + rest;
    }
  }
}

// The addresses that a page leads to or loads, but for those at the site's whole address and places on the page itself.
inline std::set<std::string> LinksOf(const std::string& path, const std::string& page) {
  std::set<std::string> links;
  for (const char* attribute : {"href", "src"})
    for (const std::string& link : ValuesOf(page, attribute))
      if (link.rfind("https://aid.example/", 0) == 0)
        links.insert(link.substr(std::string("https://aid.example").size()));
      else if (link.rfind('#', 0) != 0 && link != "data:,")  // no icon is asked for
        links.insert(Resolved(path, link));
  return links;
}
// What lies beside the pages, and is served by others.
inline bool IsArchives(const std::string& path) { return path == "/checkpoint" || path == "/feed/atom.xml"; }

}  // namespace fundtrail::testing
