using System.Net;
using Hype.EndToEnd.Tests.Testing;

namespace Hype.Cluster.Tests.Faults;

/// <summary>PostgreSQL stores the state that must survive every process: bans are written through, so acknowledged means stored.</summary>
internal sealed class PostgresAway() : StoreAway("postgres", "PostgreSQL stopped for 60 s, then started")
{
    private readonly List<string> _acknowledged = [];
    private int _lastIdentity;

    protected override async Task WriteAsync(string channel)
    {
        var identity = $"troublemaker-{++_lastIdentity}";
        var answer = await Cluster.BackOffice.BanAsync(channel, identity);
        if (answer.IsSuccess)
            _acknowledged.Add(identity);
        else
            Assert.That(answer.IsRetryable, $"a call that cannot be served gets a retryable error: {(int)answer.Status} {answer.Code}");
    }

    protected override Task BeforeAsync(string channel)
    {
        _acknowledged.Clear();
        return WriteAsync(channel);
    }

    /// <summary>State in memory must not count: the silo that hosts the channel is killed, and another one reads the record.</summary>
    protected override async Task AfterAsync(string channel)
    {
        Cluster.Kill(await ChannelHolder.FindAsync(Cluster, channel));
        await Cluster.WholeAsync();

        IReadOnlyList<string> kept = [];
        await Waiting.UntilAsync(
            async () =>
            {
                try
                {
                    kept = await Cluster.BackOffice.BansAsync(channel);
                    return true;
                }
                catch (HttpRequestException exception) when (exception.StatusCode == HttpStatusCode.ServiceUnavailable)
                {
                    return false;
                }
            },
            TimeSpan.FromSeconds(30),
            () => "no gateway returns the bans");
        Assert.That(_acknowledged, Is.SubsetOf(kept), "what was acknowledged is stored");
        Assert.That(_acknowledged, Is.Not.Empty);
    }
}
