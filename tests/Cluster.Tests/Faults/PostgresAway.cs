using System.Net;
using Hype.EndToEnd.Tests.Testing;

namespace Hype.Cluster.Tests.Faults;

/// <summary>
/// Stops PostgreSQL, which stores the state that must survive every process. Proves that every ban that was
/// answered as stored is in the database.
/// </summary>
internal sealed class PostgresAway() : StoreAway("postgres", "PostgreSQL stopped for 60 s, then started")
{
    private readonly List<string> _acknowledged = [];
    private int _lastIdentity;

    protected override async Task WriteAsync(string channel)
    {
        var identity = $"troublemaker-{++_lastIdentity}";
        var answer = await Cluster.BackOffice.BanAsync(channel, identity);
        if (!answer.IsSuccess)
            Assert.That(answer.IsRetryable, $"a call that cannot be served gets a retryable error: {(int)answer.Status} {answer.Code}");
        else if (answer.Body!["storage"]!.GetValue<string>() == "stored")
            _acknowledged.Add(identity);
    }

    protected override Task BeforeAsync(string channel)
    {
        _acknowledged.Clear();
        return WriteAsync(channel);
    }

    /// <summary>
    /// Kills the silo that hosts the channel, so that another silo must read the bans from the database, and compares them with the
    /// acknowledged ones.
    /// </summary>
    protected override async Task AfterAsync(string channel)
    {
        Cluster.Kill(await ChannelHolder.FindAsync(Cluster, channel));
        await Cluster.EnsureCompleteAsync();

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
        Assert.That(_acknowledged, Is.SubsetOf(kept), "every acknowledged ban is stored");
        Assert.That(_acknowledged, Is.Not.Empty);
    }
}
