using Hype.LoadTest.Processes;

namespace Hype.LoadTest.Tests.Processes;

internal sealed class ProcessUseTests
{
    [Test]
    public void CPU_and_memory_of_a_process_with_brackets_in_its_name_are_parsed()
    {
        const string stat =
            "42 (a) b (c) S 1 42 42 0 -1 4194560 900 0 3 0 250 50 0 0 20 0 12 0 300 270000000 2560 18446744073709551615 1 1 0 0 0 0 0 "
                + "4096 0 0 0 0 17 1 0 0 0 0 0";

        var use = ProcessUse.Parse(stat);

        Assert.That(use, Is.EqualTo(new ProcessUse(3.0, 2560 * Environment.SystemPageSize / 1048576.0)));
    }

    [Test]
    public void Resource_use_of_a_missing_process_is_null() => Assert.That(ProcessUse.Of(int.MaxValue), Is.Null);

    [TestCase("   1: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 777 1", 8080, "777")]
    [TestCase("   1: 00000000000000000000000000000000:1F90 00000000000000000000000000000000:0000 0A 0:0 0:0 0 0 0 778 1", 8080, "778")]
    [TestCase("   1: 0100007F:1F90 00000000:0000 01 00000000:00000000 00:00000000 00000000     0        0 777 1", 8080, null)]
    [TestCase("   1: 0100007F:1F91 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 777 1", 8080, null)]
    [TestCase("  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode", 8080, null)]
    public void Socket_inode_is_parsed_only_for_a_socket_listening_on_the_given_port(string line, int port, string? inode) =>
        Assert.That(ListeningProcesses.InodeOfListener(line, port), Is.EqualTo(inode));
}
