using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Hype.Gateway.Control.Rest;

/// <summary>The REST API as an OpenAPI document, made of the routes and types themselves.</summary>
internal static class OpenApiDocument
{
    public const string Name = "v1";

    public const string Path = "/api/voice/openapi.json";

    private const string Scheme = "token";

    public static void Configure(OpenApiOptions options)
    {
        options.ShouldInclude = description => description.RelativePath?.StartsWith("api/voice/", StringComparison.Ordinal) == true;
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo { Title = "Hype", Version = Name, Description = "Voice channels: what back-office servers and administrators ask of a cluster." };
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
            {
                [Scheme] = new OpenApiSecurityScheme
                {
                    Type = SecuritySchemeType.Http,
                    Scheme = "bearer",
                    BearerFormat = "JWT",
                    Description = "A token with the grant `moderate` for the channel, or for all (`*`) where nodes and tokens are concerned.",
                },
            };
            document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, document)] = [] }];
            return Task.CompletedTask;
        });
    }
}
