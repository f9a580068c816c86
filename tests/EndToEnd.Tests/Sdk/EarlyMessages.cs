using System.Text.Json;
using Hype.EndToEnd.Tests.Testing;
using Hype.Testing.Processes;

namespace Hype.EndToEnd.Tests.Sdk;

/// <summary>Tests the SDK's store of messages that arrive before their epoch, with Node.js and without a browser.</summary>
[Category("E2E")]
internal sealed class EarlyMessages
{
    [Test]
    public async Task Members_that_flood_a_client_displace_no_message_of_the_server_and_share_one_limit()
    {
        var script = RepositoryPaths.InProject("Sdk", "held-messages.mjs");
        var module = Path.Combine(NodeTools.Sdk, "signaling", "held-messages.js");
        await using var node = ChildProcess.Start("node", [script, module]);

        var line = await node.WaitForLineAsync(line => line.StartsWith('{'), TimeSpan.FromSeconds(60));

        // 64 messages of a member, 448 of all members: seven members have filled the limit. The server's message is the last one.
        Assert.That(
            JsonSerializer.Deserialize<Held>(line, JsonSerializerOptions.Web),
            Is.EqualTo(new Held(First: 64, Members: 7, Server: 1, Last: "the server", Waiting: 449)));
    }

    private sealed record Held(int First, int Members, int Server, string Last, int Waiting);
}
