// Runs a fuzzer's function without a fuzzer: on a few nasty inputs and on every file in the folders given as
// arguments. Links with any <unit>_fuzz.cc, so that inputs that once broke something are tried in each test
// run, by any compiler.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace {

void Run(const std::string& bytes) {
  // A copy of exactly this size, so that AddressSanitizer sees a read past the end.
  const std::vector<uint8_t> copy(bytes.begin(), bytes.end());
  LLVMFuzzerTestOneInput(copy.data(), copy.size());
}

std::string Read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace

int main(int argc, char** argv) {
  size_t inputs = 0;
  for (const std::string& nasty :
       {std::string(), std::string(1, '\0'), std::string(70000, '\0'), std::string(70000, '\xff'),
        std::string(70000, 'a'), std::string(70000, '{'), std::string(70000, '<'), std::string(70000, '\n'),
        std::string("\xed\xa0\x80\xf4\x90\x80\x80\xc0\xaf\xe2\x82")}) {
    Run(nasty);
    ++inputs;
  }
  for (int i = 1; i < argc; ++i) {
    if (!std::filesystem::exists(argv[i])) continue;
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(argv[i])) {
      if (entry.is_regular_file()) files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    for (const auto& file : files) {
      std::printf("%s\n", file.c_str());  // the last line names the input that ended the process
      std::fflush(stdout);
      Run(Read(file));
      ++inputs;
    }
  }
  std::printf("%zu inputs\n", inputs);
  return 0;
}
