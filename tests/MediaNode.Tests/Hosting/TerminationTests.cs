using Hype.MediaNode.Tests.Testing;
using Hype.MediaNode.Workers;
using Hype.NodeRegistry.V1;
using Hype.Testing.Processes;

namespace Hype.MediaNode.Tests.Hosting;

/// <summary>Tests the stop of the real node process by SIGTERM, as an operator or an orchestrator sends it.</summary>
public sealed class TerminationTests
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(60);

    [Test]
    public async Task Node_stopped_by_SIGTERM_logs_the_remaining_endpoints_and_exits_with_0()
    {
        await using var gateway = await FakeGateway.StartAsync();
        await using var node =
            ChildProcess.Start("dotnet", [typeof(MediaWorker).Assembly.Location], environment: new Dictionary<string, string>
            {
                ["Hype__MediaNode__NodeId"] = "terminated",
                ["Hype__MediaNode__Workers"] = "1",
                ["Hype__MediaNode__ControlUrl"] = "http://127.0.0.1:0",
                ["Hype__MediaNode__MetricsUrl"] = "",
                ["Hype__MediaNode__Gateways__0"] = gateway.Url,
                ["Hype__MediaNode__JoinSecret"] = "for the length of a test",
            });
        var connection = await gateway.Connections.ReadAsync().AsTask().WaitAsync(TimeLimit);
        Assert.That(
            (await connection.Messages.ReadAsync().AsTask().WaitAsync(TimeLimit)).BodyCase,
            Is.EqualTo(NodeMessage.BodyOneofCase.Register));
        await connection.AcceptAsync();

        Assert.That(await node.StopAsync(TimeLimit), Is.True, "on request");

        Assert.That(await node.WaitForExitAsync(TimeLimit), Is.Zero);
        Assert.That(node.Log, Does.Contain("Draining: 0 endpoints in 0 rooms").And.Contain("0 endpoints in 0 rooms remain"));
    }
}
