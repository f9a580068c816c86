using System.Net;
using Hype.Silo.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Clustering.Redis;
using Orleans.Configuration;
using SiloOptions = Hype.Silo.Hosting.SiloOptions;

namespace Hype.Silo.Clustering;

/// <summary>A silo among silos: the list of members in Redis, and how soon one that has died is known to be dead.</summary>
internal static class SiloMembership
{
    /// <summary>How often silos ask each other whether they live, and how long an answer may take. Three in a row without one, and two silos vote the third out.</summary>
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(1);

    /// <summary>
    /// For so long after a silo's death the directory gives none of its grains to another silo, as a member that has not heard of the
    /// death might still use the old one: longer than the detection, never zero. Measured with kill -9 and two to three silos: all
    /// grains answer again after 1.0–1.4 s, against 19–23 s with the default.
    /// </summary>
    private static readonly TimeSpan RangeLease = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Below the ten seconds that a gateway waits for an answer (<c>Hype:Signaling:CallTimeout</c>), so that a call within a call fails
    /// first and its caller can still say so.
    /// </summary>
    private static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(8);

    public static void Use(ISiloBuilder silo)
    {
        silo.UseRedisClustering(_ => { });
        silo.Services.AddOptions<RedisClusteringOptions>().Configure<IOptions<ClusterOptions>>((redis, cluster) => RedisConnection.Configure(redis, cluster.Value.Redis));
        silo.Services.AddOptions<Orleans.Configuration.ClusterOptions>().Configure<IOptions<ClusterOptions>>((orleans, cluster) =>
        {
            orleans.ClusterId = cluster.Value.ClusterId;
            orleans.ServiceId = cluster.Value.ServiceId;
        });
        silo.Services.AddOptions<EndpointOptions>().Configure<IOptions<SiloOptions>>(Listen);

        silo.Configure<ClusterMembershipOptions>(membership =>
        {
            membership.ProbeTimeout = ProbeTimeout;
            // A silo that was killed has no time to say so; its successors need not wait until a long-dead one answers them.
            membership.MaxJoinAttemptTime = TimeSpan.FromSeconds(30);
        });
        silo.Configure<GrainDirectoryOptions>(directory => directory.RangeLeaseDuration = RangeLease);
        silo.Configure<SiloMessagingOptions>(messaging =>
        {
            messaging.ResponseTimeout = ResponseTimeout;
            messaging.SystemResponseTimeout = ResponseTimeout;
        });
        silo.Configure<ConnectionOptions>(connections => connections.OpenConnectionTimeout = TimeSpan.FromSeconds(2));
#pragma warning disable ORLEANSEXP003 // Experimental by name: tried with kill -9 on Redis, and the only directory that never has a grain twice.
        silo.AddDistributedGrainDirectory();
#pragma warning restore ORLEANSEXP003
    }

    private static void Listen(EndpointOptions endpoint, IOptions<SiloOptions> options)
    {
        var silo = options.Value;
        var free = FreePorts.Find(2);
        endpoint.AdvertisedIPAddress = IPAddress.Parse(silo.AdvertisedAddress);
        endpoint.SiloPort = silo.SiloPort == 0 ? free[0] : silo.SiloPort;
        endpoint.GatewayPort = silo.GatewayPort == 0 ? free[1] : silo.GatewayPort;
        var listen = silo.ListenOnAll ? IPAddress.Any : endpoint.AdvertisedIPAddress;
        endpoint.SiloListeningEndpoint = new IPEndPoint(listen, endpoint.SiloPort);
        endpoint.GatewayListeningEndpoint = new IPEndPoint(listen, endpoint.GatewayPort);
    }
}
