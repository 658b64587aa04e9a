// A folder that appears whole or not at all: whatever stood in its place, and whoever was ended before.
#include "ledger/folder/whole_folder.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

#include "ledger/base/files.h"
#include "tests/support/entries.h"
#include "tests/support/temp_dir.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

namespace fs = std::filesystem;

void Put(const std::string& path, const std::string& text) { std::ofstream(path) << text; }

std::string TextOf(const std::string& path) {
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

std::size_t NamesIn(const std::string& dir) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(dir), fs::directory_iterator()));
}

Status Make(const std::string& dir, const std::string& text) {
  FT_ASSIGN_OR_RETURN(const auto folder, folder::WholeFolder::Begin(dir));
  Put(folder->PathOf("file"), text);
  return folder->Finish();
}

TEST_CASE("a folder appears where nothing was, where an empty one was, and in the place of an earlier one") {
  const TempDir temp;
  const std::string dir = temp / "deep/new";
  CHECK(Make(dir + "//", "one").ok());
  CHECK(TextOf(dir + "/file") == "one");
  Put(dir + "/old", "goes");
  CHECK(Make(dir, "two").ok());
  CHECK(TextOf(dir + "/file") == "two");
  CHECK_FALSE(fs::exists(dir + "/old"));
  fs::create_directory(temp / "deep/empty");
  CHECK(Make(temp / "deep/empty", "three").ok());
  CHECK(NamesIn(temp / "deep") == 2);
}

TEST_CASE("until it is put in place nothing is seen of it, and what is given up leaves nothing") {
  const TempDir temp;
  const std::string dir = temp / "new";
  Need(Make(dir, "one"));
  {
    const auto folder = Need(folder::WholeFolder::Begin(dir));
    Put(folder->PathOf("file"), "two");
    CHECK(TextOf(dir + "/file") == "one");
    // Two at a time do not disturb each other.
    CHECK(Make(dir, "three").ok());
    CHECK(TextOf(folder->PathOf("file")) == "two");
  }
  CHECK(TextOf(dir + "/file") == "three");
  CHECK(NamesIn(temp / "") == 1);
}

TEST_CASE("what a process left that was ended goes with the next one, and nobody else's folder") {
  const TempDir temp;
  for (const char* name : {".new.part-4194305-0123abcd", ".new.part-mine", "new.part"}) {
    fs::create_directory(temp / name);
    Put(temp / (name + std::string("/file")), "x");
  }
  Need(Make(temp / "new", "one"));
  CHECK_FALSE(fs::exists(temp / ".new.part-4194305-0123abcd"));
  CHECK(fs::exists(temp / ".new.part-mine/file"));
  CHECK(fs::exists(temp / "new.part/file"));
}

TEST_CASE("of a link the folder that it names is replaced, and the link stays") {
  const TempDir temp;
  const std::string far = temp / "far";
  fs::create_directory(far);
  Need(Make(far + "/real", "one"));
  fs::create_directory_symlink(far + "/real", temp / "link");
  CHECK(Make(temp / "link", "two").ok());
  CHECK(fs::is_symlink(temp / "link"));
  CHECK(TextOf(far + "/real/file") == "two");
  CHECK(NamesIn(far) == 1);
}

TEST_CASE("the folder in which the program runs, a file and a place that cannot be made are refused") {
  const TempDir temp;
  CHECK_THAT(std::string(Make(".", "x").message()), Contains("in which this program runs"));
  Put(temp / "file", "text");
  CHECK(absl::IsUnavailable(Make(temp / "file/below", "x")));
  CHECK(TextOf(temp / "file") == "text");
  CHECK(NamesIn(temp / "") == 1);
}

}  // namespace
}  // namespace fundtrail::testing
