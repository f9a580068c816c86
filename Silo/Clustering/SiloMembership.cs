using System.Net;
using Hype.Clustering;
using Hype.Grains.Silos;
using Hype.Hosting.Starting;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using ClusterOptions = Hype.Clustering.ClusterOptions;

namespace Hype.Silo.Clustering;

/// <summary>Configures a silo's membership: the list of members in Redis, and the time until a dead silo is detected.</summary>
internal static class SiloMembership
{
    /// <summary>
    /// The interval at which a silo renews its entry in the membership table. A starting silo ignores entries that have missed three
    /// renewals: those silos died when no other silo was running to detect it.
    /// </summary>
    private static readonly TimeSpan AliveInterval = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The timeout of a call between grains. It is less than a gateway's timeout of ten seconds (<c>Hype:Signaling:CallTimeout</c>), so
    /// that a nested call fails first and its caller can still report it.
    /// </summary>
    private static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(8);

    public static void Use(ISiloBuilder silo)
    {
        silo.UseRedisClustering(_ => { });
        RedisMembership.Configure(silo.Services);
        silo.Services.AddOptions<EndpointOptions>().Configure<IOptions<SiloOptions>>(Listen);

        silo.Services.AddOptions<ClusterMembershipOptions>().Configure<IOptions<ClusterOptions>>((membership, cluster) =>
        {
            new FailureDetection(cluster.Value.ProbeTimeout).Configure(membership);
            membership.IAmAliveTablePublishTimeout = AliveInterval;
        });
        silo.Services.AddOptions<GrainDirectoryOptions>().Configure<IOptions<ClusterOptions>>((directory, cluster) =>
            new FailureDetection(cluster.Value.ProbeTimeout).Configure(directory));
        silo.Services.AddSingleton<IConfigurationValidator, DirectoryLeaseValidator>();
        AddGate(silo);
        silo.Configure<SiloMessagingOptions>(messaging =>
        {
            messaging.ResponseTimeout = ResponseTimeout;
            messaging.SystemResponseTimeout = ResponseTimeout;
        });
        silo.Configure<ConnectionOptions>(connections => connections.OpenConnectionTimeout = TimeSpan.FromSeconds(2));
        // Experimental by name. Tested with kill -9 on Redis: no other directory prevents two activations of one grain.
#pragma warning disable ORLEANSEXP003
        silo.AddDistributedGrainDirectory();
#pragma warning restore ORLEANSEXP003
    }

    private static void AddGate(ISiloBuilder silo)
    {
        silo.Services.AddSingleton(provider => new MembershipGate(
            new FailureDetection(provider.GetRequiredService<IOptions<ClusterOptions>>().Value.ProbeTimeout),
            provider.GetRequiredService<TimeProvider>()));
        silo.Services.AddSingleton<IMembershipGate>(provider => provider.GetRequiredService<MembershipGate>());
        silo.AddIncomingGrainCallFilter<MembershipFilter>();
        silo.Services.AddHostedService<PauseWatch>();
        silo.Services.AddHostedService(provider => new MembershipGuard(
            provider.GetRequiredService<MembershipGate>(),
            cancellation => MembershipGuard.ReadAsync(
                provider.GetRequiredService<IMembershipTable>(),
                provider.GetRequiredService<ILocalSiloDetails>(),
                provider.GetRequiredService<ISiloStatusOracle>(),
                provider.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping,
                cancellation),
            EndProcess,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<MembershipGuard>>()));
    }

    /// <summary>
    /// Ends the process at once: an orderly shutdown would write checkpoints and close rooms that belong to other silos now. All
    /// acknowledged changes are stored.
    /// </summary>
    private static void EndProcess(string reason)
    {
        Console.Error.WriteLine($"The silo ends. {reason}");
        Environment.Exit(ExitCode.LostCluster);
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
