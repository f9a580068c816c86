using Hype.Hosting.Options;
using Microsoft.AspNetCore.Authentication.Certificate;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;

namespace Hype.Gateway.Auth;

/// <summary>Registers authentication by token or by an administrator's certificate, and the policies that apply to both.</summary>
internal static class AuthHosting
{
    /// <summary>The scheme that chooses between token and certificate for each request.</summary>
    private const string TokenOrCertificate = "tokenOrCertificate";

    public static void AddAuth(this IServiceCollection services, IHostEnvironment environment)
    {
        services.AddHypeOptions<AuthOptions, AuthOptionsValidator>(AuthOptions.Section);
        services.AddHypeOptions<TlsOptions, TlsOptionsValidator>(TlsOptions.Section);
        services.AddSingleton<AccessTokens>();
        services.AddSingleton<ClientCertificates>();
        services.AddSingleton<CertificateMetrics>();
        services.AddScoped<BearerEvents>();
        services.AddAuthentication(TokenOrCertificate).AddJwtBearer().AddCertificate().AddPolicyScheme(TokenOrCertificate, null, policy =>
        {
            policy.ForwardDefaultSelector = SchemeFor;
            // All refusals have the same form.
            policy.ForwardChallenge = JwtBearerDefaults.AuthenticationScheme;
            policy.ForwardForbid = JwtBearerDefaults.AuthenticationScheme;
        });
        services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme).Configure<AccessTokens>((bearer, tokens) =>
        {
            bearer.MapInboundClaims = false;
            bearer.TokenValidationParameters = tokens.Validation;
            bearer.EventsType = typeof(BearerEvents);
        });
        services.AddOptions<CertificateAuthenticationOptions>(CertificateAuthenticationDefaults.AuthenticationScheme)
            .Configure<ClientCertificates>((options, certificates) => certificates.Configure(options));

        services.AddSingleton<IAuthorizationHandler, ModeratorHandler>();
        services.AddSingleton<IAuthorizationHandler, AdministratorHandler>();
        services.AddAuthorizationBuilder()
            .AddPolicy(Moderation.Policy, policy => policy.AddRequirements(new ModeratorRequirement()))
            .AddPolicy(Moderation.AdministratorPolicy, policy => policy.AddRequirements(new AdministratorRequirement()))
            .AddPolicy(Moderation.ReadPolicy, ToRead(new ModeratorRequirement()))
            .AddPolicy(Moderation.AdministratorReadPolicy, ToRead(new AdministratorRequirement()));

        static string SchemeFor(HttpContext context) => context.RequestServices.GetRequiredService<ClientCertificates>().MayCount(context)
            ? CertificateAuthenticationDefaults.AuthenticationScheme
            : JwtBearerDefaults.AuthenticationScheme;

        Action<AuthorizationPolicyBuilder> ToRead(IAuthorizationRequirement elsewhere) => policy =>
        {
            if (environment.IsDevelopment())
                policy.RequireAssertion(_ => true);
            else
                policy.AddRequirements(elsewhere);
        };
    }
}
